// What each CPU kernel source fills; cresset_fill_tensor calls all of them when a module is loaded.
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
  FILL(Linalg)  \
  FILL(Convolution)  \
  FILL(Fft)
// clang-format on

namespace cresset {

#define CRESSET_FILL(name) void fill##name();
CRESSET_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL

}  // namespace cresset
