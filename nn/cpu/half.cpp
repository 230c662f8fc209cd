// CPU kernels of nn for half and bfloat16: those for float behind conversions (tensor/cpu/half.h).
#include "tensor/cpu/half.h"

#include "nn/cpu/fill.h"
#include "nn/criterion/kernels.h"
#include "nn/pooling/kernels.h"
#include "nn/softmax/kernels.h"
#include "nn/transfer/kernels.h"

namespace cresset::nn {

void fillHalf() {
  using namespace half;
#define GRADIENT(name, source) elementsInFloat<name##GradientSlot>();
#define TRANSFER(name, source)   \
  elementsInFloat<name##Slot>(); \
  GRADIENT(name, source)
#include "nn/transfer/transfer.def"
#define LOSS(Class, functor)         \
  wholeInFloat<functor##LossSlot>(); \
  wholeInFloat<functor##SlopeSlot>();
#include "nn/criterion/losses.def"
  wholeInFloat<softMaxSlot>();
  wholeInFloat<logSoftMaxSlot>();
  wholeInFloat<softMaxGradientSlot>();
  wholeInFloat<logSoftMaxGradientSlot>();
  wholeInFloat<maxPoolingSlot>();
  wholeInFloat<maxPoolingGradientSlot>();
  wholeInFloat<averagePoolingSlot>();
  wholeInFloat<averagePoolingGradientSlot>();
}

}  // namespace cresset::nn
