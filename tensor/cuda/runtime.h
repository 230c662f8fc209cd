// The CUDA runtime as the plugin uses it: errors, the current stream, small transfers.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>
#include <initializer_list>

#include "tensor/Tensor.h"

namespace cresset::cuda {

/// Throws Error `cuda runtime error (700) : an illegal memory access was encountered at
/// tensor/cuda/copy.cu:40` unless the call succeeded, and clears the error.
void check(cudaError_t status, const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// Throws what the launch of a kernel had to complain of. What goes wrong while it runs is reported by the
/// next call that waits for it.
inline void checkLaunch(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  check(cudaGetLastError(), file, line);
}

int deviceCount();
int currentDevice();
/// The device that holds this memory.
int deviceOf(const void* data);

/// Throws Error `op: arguments are located on different GPUs` unless all operands are on the current device.
void checkPlacement(const char* op, std::initializer_list<const Tensor*> operands);

/// Makes a device current until the end of the scope.
class DeviceScope {
 public:
  explicit DeviceScope(int device);
  ~DeviceScope();
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

 private:
  int previous_;
};

/// The stream that this thread's work goes to on the current device.
cudaStream_t stream();

/// Waits for the current stream; the errors of its kernels are thrown here.
void waitForStream();

/// One value from the device, after the work before it.
template <class T> T fetch(const T* data) {
  T value;
  check(cudaMemcpyAsync(&value, data, sizeof value, cudaMemcpyDeviceToHost, stream()));
  waitForStream();
  return value;
}

inline constexpr unsigned kBlock = 256;  // threads; divides the registers of every architecture evenly

/// Blocks of kBlock threads for n of them; kernels loop when these are fewer than n.
inline unsigned blocksFor(int64_t n) {
  const int64_t blocks = (n + kBlock - 1) / kBlock, limit = (int64_t{1} << 31) - 1;
  return static_cast<unsigned>(blocks < limit ? blocks : limit);
}

}  // namespace cresset::cuda
