// The door to the CUDA plugin for code that knows nothing of CUDA: it loads libcresset_cuda.so, which fills
// the CUDA side of all slots, and hands out what there is to ask a device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tensor/Tensor.h"

namespace cresset::cuda {

struct Memory {
  int64_t free, total;  // bytes; free includes what the pool could give back
};

struct Property {
  const char* name;
  double value;
};
struct Properties {
  std::string name;
  std::vector<Property> numbers;  // named as in CUDA's cudaDeviceProp
};

/// The plugin's functions beside its kernels. Devices and streams are counted from 0; stream 0 is the default
/// stream, user streams follow. The current device and the number of the current stream belong to a thread.
/// All throw Error.
struct Plugin {
  int (*deviceCount)();
  int (*device)();
  void (*setDevice)(int device);
  /// Waits for all work of the current device; its errors are thrown here.
  void (*synchronize)();
  Memory (*memory)(int device);
  Properties (*properties)(int device);
  int (*driverVersion)();  // as CUDA counts: 13000
  int (*runtimeVersion)();
  /// The device that holds this memory.
  int (*deviceOf)(const void* data);

  // Random numbers: each device has its own generator.
  void (*manualSeed)(int device, uint64_t seed);
  uint64_t (*initialSeed)(int device);
  /// Seed and position, 16 bytes; `setRngState` replays from there.
  void (*rngState)(int device, uint8_t* state);
  void (*setRngState)(int device, const uint8_t* state);

  // Streams: each device has the same number of them.
  void (*reserveStreams)(int count);
  int (*streamCount)();  // user streams, without the default one
  int (*stream)();
  void (*setStream)(int stream);
  void (*synchronizeStream)(int stream);
  /// Later work of `waiting` starts when all work given to `others` so far is done.
  void (*waitForStreams)(int waiting, const std::vector<int>& others);
  /// cudaStream_t of the current stream, for FFI code.
  void* (*streamHandle)();

  /// What this thread calls once when the device has no memory left, before it tries again: a chance to let
  /// go of tensors. Null for none.
  void (*setCollector)(void (*collect)(void* context), void* context);
};
inline constexpr int64_t kRngStateBytes = 16;

/// Loads the plugin, at the first call, from beside this library. Throws Error with what is missing (the
/// plugin itself, one of CUDA's libraries, the driver, a device) and how to get it; a later call tries again.
const Plugin& plugin();

}  // namespace cresset::cuda

/// The one symbol of libcresset_cuda.so. Fills the slots and installs the allocator.
using CressetFillCuda = const cresset::cuda::Plugin&();
