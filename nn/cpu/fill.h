// What each CPU kernel source fills; cresset_fill_nn calls all of them when a module is loaded.
#pragma once

#define CRESSET_NN_CPU_SOURCES(FILL) \
  FILL(Convolution)                  \
  FILL(Criterion) FILL(Lookup) FILL(Normalization) FILL(Pooling) FILL(Softmax) FILL(Transfer)

namespace cresset::nn {

#define CRESSET_FILL(name) void fill##name();
CRESSET_NN_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL

}  // namespace cresset::nn
