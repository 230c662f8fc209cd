// The families of operations. Each source declares its rows; the order here is the order of the table.
#pragma once

#define CRESSET_OP_FAMILIES   \
  CRESSET_FAMILY(Pointwise)   \
  CRESSET_FAMILY(Fill)        \
  CRESSET_FAMILY(Reduce)      \
  CRESSET_FAMILY(Blas)        \
  CRESSET_FAMILY(Creation)    \
  CRESSET_FAMILY(Random)      \
  CRESSET_FAMILY(Multinomial) \
  CRESSET_FAMILY(Index)       \
  CRESSET_FAMILY(Mask)        \
  CRESSET_FAMILY(Sort)        \
  CRESSET_FAMILY(Matrix)      \
  CRESSET_FAMILY(Linalg)      \
  CRESSET_FAMILY(Histogram)   \
  CRESSET_FAMILY(Convolution) \
  CRESSET_FAMILY(Fft)

namespace cresset {

class OpTable;
#define CRESSET_FAMILY(name) void declare##name##Ops(OpTable& table);
CRESSET_OP_FAMILIES
#undef CRESSET_FAMILY

}  // namespace cresset
