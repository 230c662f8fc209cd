// Whether this library has code for a device.
#include <cuda_runtime_api.h>

#include <string>

#include "tensor/Error.h"
#include "tensor/cuda/fill.h"
#include "tensor/cuda/runtime.h"

namespace cresset::cuda {
namespace {
__global__ void probeKernel() {}
}  // namespace

void checkArchitecture(int device) {
  const DeviceScope scope(device);
  cudaFuncAttributes attributes;
  const cudaError_t status = cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(probeKernel));
  if (status == cudaSuccess) return;
  (void)cudaGetLastError();
  if (status != cudaErrorNoKernelImageForDevice && status != cudaErrorInvalidDeviceFunction) check(status);
  int major = 0, minor = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
  check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device));
  const std::string capability = std::to_string(major) + std::to_string(minor);
  fail("cutorch", {"the CUDA plugin has no code for device ", text(int64_t{device} + 1),
                   " (compute capability ", std::to_string(major), ".", std::to_string(minor),
                   "); build it with -DCRESSET_CUDA_ARCHITECTURES=", capability});
}

}  // namespace cresset::cuda
