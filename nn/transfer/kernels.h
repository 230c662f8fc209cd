// The kernel slots of the transfer functions, made from transfer.def.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

/// y = f(x), of one size; y may be x.
using TransferKernel = void(const Tensor& y, const Tensor& x, double a, double b);
/// gx = f'(source) * gy, of one size; gx may be gy.
using TransferGradientKernel = void(const Tensor& gx, const Tensor& gy, const Tensor& source, double a,
                                    double b);

#define GRADIENT(name, source) extern Slot<TransferGradientKernel> name##GradientSlot;
#define TRANSFER(name, source)            \
  extern Slot<TransferKernel> name##Slot; \
  extern Slot<TransferGradientKernel> name##GradientSlot;
#include "nn/transfer/transfer.def"
#undef GRADIENT
#undef TRANSFER

}  // namespace cresset::nn
