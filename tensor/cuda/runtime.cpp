#include "tensor/cuda/runtime.h"

#include <cstring>
#include <string>

#include "tensor/Error.h"

namespace cresset::cuda {

void check(cudaError_t status, const char* file, int line) {
  if (status == cudaSuccess) [[likely]]
    return;
  (void)cudaGetLastError();  // otherwise the next launch would report it again
  std::string_view where = file;
  for (const char* folder : {"tensor/cuda/", "cunn/"})  // messages speak of our tree, not of the builder's
    if (const size_t at = where.rfind(folder); at != std::string_view::npos) where.remove_prefix(at);
  throw Error("cuda runtime error (" + std::to_string(static_cast<int>(status)) +
              ") : " + cudaGetErrorString(status) + " at " + std::string(where) + ":" + std::to_string(line));
}

int deviceCount() {
  static const int count = [] {
    int n;
    check(cudaGetDeviceCount(&n));
    return n;
  }();
  return count;
}

int currentDevice() {
  int device;
  check(cudaGetDevice(&device));
  return device;
}

int deviceOf(const void* data) {
  cudaPointerAttributes attributes;
  check(cudaPointerGetAttributes(&attributes, data));
  return attributes.device;
}

void checkPlacement(const char* op, std::initializer_list<const Tensor*> operands) {
  if (deviceCount() == 1) return;
  const int current = currentDevice();
  for (const Tensor* x : operands) {
    if (x->device() != Device::CUDA || !x->hasStorage()) continue;
    const int device = deviceOf(x->storage().data());
    if (device == current) continue;
    fail(op, {"arguments are located on different GPUs: ", describe(*x), " is on device ",
              text(int64_t{device} + 1), ", the current device is ", text(int64_t{current} + 1)});
  }
}

DeviceScope::DeviceScope(int device) : previous_(currentDevice()) {
  if (device != previous_) check(cudaSetDevice(device));
}
DeviceScope::~DeviceScope() { (void)cudaSetDevice(previous_); }

void waitForStream() { check(cudaStreamSynchronize(stream())); }

}  // namespace cresset::cuda
