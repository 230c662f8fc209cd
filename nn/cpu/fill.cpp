#include "nn/cpu/fill.h"

extern "C" __attribute__((visibility("default"))) void cresset_fill_nn() {
#define CRESSET_FILL(name) cresset::nn::fill##name();
  CRESSET_NN_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL
}
