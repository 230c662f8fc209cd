#include "nn/transfer/plain.h"

#include "tensor/ops/pointwise.h"

namespace cresset::nn {

#define CLASS_GRADIENT(Class, name)                                                      \
  void Class::gradient(const Tensor& gx, const Tensor& gy, const Tensor& source) const { \
    name##GradientSlot.on(gx)(gx, gy, source, 0, 0);                                     \
  }
#define OPERATION(Class, name, from, help)                                             \
  void Class::forward(const Tensor& y, const Tensor& x) const { cresset::name(y, x); } \
  CLASS_GRADIENT(Class, name)
#define KERNEL(Class, name, from, help)                                                         \
  void Class::forward(const Tensor& y, const Tensor& x) const { name##Slot.on(x)(y, x, 0, 0); } \
  CLASS_GRADIENT(Class, name)
#include "nn/transfer/plain.def"
#undef OPERATION
#undef KERNEL
#undef CLASS_GRADIENT

}  // namespace cresset::nn
