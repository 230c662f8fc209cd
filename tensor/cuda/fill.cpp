// The entry of the plugin: looks for a usable device, fills the slots, hands out the functions of Plugin.
#include "tensor/cuda/fill.h"

#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "tensor/Error.h"
#include "tensor/cuda/allocator.h"
#include "tensor/cuda/generator.h"
#include "tensor/cuda/plugin.h"
#include "tensor/cuda/runtime.h"
#include "tensor/cuda/streams.h"

namespace cresset::cuda {
namespace {

/// `13.0`
std::string versionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// Throws what is missing: the driver, a newer driver, or a device.
void checkDriver() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaSuccess && count > 0) return;
  (void)cudaGetLastError();
  if (!dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL))
    fail("cutorch",
         {"no NVIDIA driver on this machine (libcuda.so.1 is missing); install the driver of your GPU, "
          "or in a container start it with access to the GPU"});
  if (status == cudaErrorInsufficientDriver) {
    int driver = 0;
    (void)cudaDriverGetVersion(&driver);
    fail("cutorch", {"the NVIDIA driver is too old: it supports CUDA ", versionText(driver),
                     ", this plugin needs ", versionText(CUDART_VERSION), "; update the driver"});
  }
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  if (status == cudaErrorNoDevice || status == cudaSuccess)
    fail("cutorch", {"no CUDA device: the NVIDIA driver is installed but shows no GPU",
                     visible ? std::string("; CUDA_VISIBLE_DEVICES is '") + visible + "'"
                             : std::string("; nvidia-smi lists what it knows")});
  fail("cutorch", {"the CUDA driver cannot be used: ", cudaGetErrorString(status)});
}

int checkedDevice(int device) {
  if (device < 0 || device >= deviceCount())
    throw Error("cutorch: " + std::to_string(device + 1) +
                " is not a device: invalid device ordinal, there are " + std::to_string(deviceCount()));
  return device;
}

void setDevice(int device) { check(cudaSetDevice(checkedDevice(device))); }
void synchronize() { check(cudaDeviceSynchronize()); }

Memory memory(int device) { return memoryOf(checkedDevice(device)); }

int driverVersion() {
  int version;
  check(cudaDriverGetVersion(&version));
  return version;
}
int runtimeVersion() {
  int version;
  check(cudaRuntimeGetVersion(&version));
  return version;
}

Properties properties(int device) {
  cudaDeviceProp p;
  check(cudaGetDeviceProperties(&p, checkedDevice(device)));
  // What newer CUDA dropped from the structure.
  const auto attribute = [device](cudaDeviceAttr which) {
    int value = 0;
    check(cudaDeviceGetAttribute(&value, which, device));
    return static_cast<double>(value);
  };
  const auto number = [](auto value) { return static_cast<double>(value); };
  return {p.name,
          {{"major", number(p.major)},
           {"minor", number(p.minor)},
           {"totalGlobalMem", number(p.totalGlobalMem)},
           {"freeGlobalMem", number(memoryOf(device).free)},
           {"multiProcessorCount", number(p.multiProcessorCount)},
           {"clockRate", attribute(cudaDevAttrClockRate)},
           {"warpSize", number(p.warpSize)},
           {"maxThreadsPerBlock", number(p.maxThreadsPerBlock)},
           {"regsPerBlock", number(p.regsPerBlock)},
           {"sharedMemPerBlock", number(p.sharedMemPerBlock)},
           {"totalConstMem", number(p.totalConstMem)},
           {"memPitch", number(p.memPitch)},
           {"textureAlignment", number(p.textureAlignment)},
           {"deviceOverlap", attribute(cudaDevAttrGpuOverlap)},
           {"integrated", number(p.integrated)},
           {"canMapHostMemory", number(p.canMapHostMemory)},
           {"computeMode", attribute(cudaDevAttrComputeMode)},
           {"kernelExecTimeoutEnabled", attribute(cudaDevAttrKernelExecTimeout)},
           {"pciBusID", number(p.pciBusID)},
           {"pciDeviceID", number(p.pciDeviceID)},
           {"pciDomainID", number(p.pciDomainID)},
           {"maxTexture1D", number(p.maxTexture1D)},
           {"maxTexture1DLinear", attribute(cudaDevAttrMaxTexture1DLinearWidth)}}};
}

void seedDevice(int device, uint64_t seed) { manualSeed(checkedDevice(device), seed); }
uint64_t seedOf(int device) { return initialSeed(checkedDevice(device)); }

static_assert(sizeof(GeneratorState) == kRngStateBytes);
void rngState(int device, uint8_t* bytes) {
  const GeneratorState state = generatorState(checkedDevice(device));
  std::memcpy(bytes, &state, sizeof state);
}
void setRngState(int device, const uint8_t* bytes) {
  GeneratorState state;
  std::memcpy(&state, bytes, sizeof state);
  setGeneratorState(checkedDevice(device), state);
}

void* streamHandle() { return stream(); }

}  // namespace

const Plugin& load() {
  static const Plugin functions = {
      deviceCount,    currentDevice,  setDevice,   synchronize,  memory,          properties,
      driverVersion,  runtimeVersion, deviceOf,    seedDevice,   seedOf,          rngState,
      setRngState,    reserveStreams, streamCount, streamNumber, setStreamNumber, synchronizeStream,
      waitForStreams, streamHandle,   setCollector};
  checkDriver();
  for (int device = 0; device < deviceCount(); ++device) checkArchitecture(device);
  installAllocator();
#define CRESSET_FILL(name) fill##name();
  CRESSET_CUDA_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL
  return functions;
}

}  // namespace cresset::cuda

extern "C" __attribute__((visibility("default"))) const cresset::cuda::Plugin& cresset_fill_cuda() {
  return cresset::cuda::load();
}
