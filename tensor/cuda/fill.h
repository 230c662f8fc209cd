// What each CUDA source fills; cresset_fill_cuda calls all of them when the plugin is loaded.
#pragma once

// clang-format off
#define CRESSET_CUDA_SOURCES(FILL) \
  FILL(Unary)                      \
  FILL(Scalar)                     \
  FILL(Binary)                     \
  FILL(Compare)                    \
  FILL(Copy)                       \
  FILL(Reduce)                     \
  FILL(Statistics)                 \
  FILL(Extreme)                    \
  FILL(Scan)                       \
  FILL(Gemm)                       \
  FILL(Creation)                   \
  FILL(Index)                      \
  FILL(Mask)                       \
  FILL(Random)
// clang-format on

namespace cresset::cuda {

#define CRESSET_FILL(name) void fill##name();
CRESSET_CUDA_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL

/// Throws Error when a kernel of this library cannot run on a device.
void checkArchitecture(int device);

}  // namespace cresset::cuda
