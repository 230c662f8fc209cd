// The kernel slots of the softmax family.
#pragma once

#include "nn/kernels.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {

// Tensors are contiguous; lines of `split.n` elements, `split.inner` apart, are normalised.
using SoftMaxKernel = void(const Tensor& y, const Tensor& x, Split split);
/// gx from gy and the output; gx may be gy.
using SoftMaxGradientKernel = void(const Tensor& gx, const Tensor& gy, const Tensor& y, Split split);
extern Slot<SoftMaxKernel> softMaxSlot, logSoftMaxSlot;
extern Slot<SoftMaxGradientKernel> softMaxGradientSlot, logSoftMaxGradientSlot;

}  // namespace cresset::nn
