// What each CPU kernel source fills; cresset_fill_nn calls all of them when a module is loaded. Half is the
// last, for it builds on the kernels of the others.
#pragma once

#define CRESSET_NN_CPU_SOURCES(FILL) \
  FILL(Convolution)                  \
  FILL(Criterion) FILL(Lookup) FILL(Normalization) FILL(Pooling) FILL(Softmax) FILL(Transfer) FILL(Half)

namespace cresset::nn {

#define CRESSET_FILL(name) void fill##name();
CRESSET_NN_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL

}  // namespace cresset::nn
