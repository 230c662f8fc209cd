// What each CPU kernel source fills; cresset_fill_tensor calls all of them when a module is loaded. Half is
// the last, for it builds on the kernels of the others.
#pragma once

// clang-format off
#define CRESSET_CPU_SOURCES(FILL) \
  FILL(Pointwise)                 \
  FILL(Transcendental)            \
  FILL(Compare)                   \
  FILL(Copy)                      \
  FILL(Reduce)                    \
  FILL(Gemm)                      \
  FILL(Creation)                  \
  FILL(Random)                    \
  FILL(Multinomial)               \
  FILL(Index)                     \
  FILL(Mask)                      \
  FILL(Sort)                      \
  FILL(Matrix)                    \
  FILL(Linalg)                    \
  FILL(Convolution)               \
  FILL(Fft)                       \
  FILL(Half)
// clang-format on

namespace cresset {

#define CRESSET_FILL(name) void fill##name();
CRESSET_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL

}  // namespace cresset
