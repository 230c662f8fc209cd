#include "tensor/cpu/fill.h"

extern "C" __attribute__((visibility("default"))) void cresset_fill_tensor() {
#define CRESSET_FILL(name) cresset::fill##name();
  CRESSET_CPU_SOURCES(CRESSET_FILL)
#undef CRESSET_FILL
}
