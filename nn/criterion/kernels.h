// The kernel slots of the criterions.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

// Losses of losses.def. Tensors are contiguous and have one number of elements; `weights`, when not nil,
// holds one for each element and takes the place of p.
/// The sum of the losses.
using LossKernel = double(const Tensor& x, const Tensor& target, const Tensor& weights, double p);
/// gx = scale times the slopes.
using SlopeKernel = void(const Tensor& gx, const Tensor& x, const Tensor& target, const Tensor& weights,
                         double p, double scale);
#define LOSS(Class, functor)                 \
  extern Slot<LossKernel> functor##LossSlot; \
  extern Slot<SlopeKernel> functor##SlopeSlot;
#include "nn/criterion/losses.def"
#undef LOSS

/// What a class-index criterion works with. `target` is a contiguous LongTensor of labels from 1.
struct ClassLoss {
  Tensor target;
  Tensor weights;  // [classes], contiguous, or nil
  int64_t ignoreIndex;
  bool sizeAverage;
};
struct ClassLossResult {
  double loss, totalWeight;
};
/// x is contiguous [batch x classes x ...], target [batch x ...]. Throws Error (`Assertion cur_target ...`)
/// for a label that is no class.
using ClassLossKernel = ClassLossResult(const Tensor& x, const ClassLoss& c);
/// gx, of x's sizes, is zero when this is called.
using ClassSlopeKernel = void(const Tensor& gx, const ClassLoss& c, double totalWeight);
extern Slot<ClassLossKernel> classLossSlot;
extern Slot<ClassSlopeKernel> classSlopeSlot;

/// The multi-class hinge loss of x [batch x classes].
struct MultiMargin {
  Tensor target;   // [batch], labels from 1
  Tensor weights;  // [classes] or nil
  int64_t p;       // exponent: 1 or 2
  double margin;
};
using MultiMarginKernel = double(const Tensor& x, const MultiMargin& m);
using MultiMarginSlopeKernel = void(const Tensor& gx, const Tensor& x, const MultiMargin& m, double scale);
extern Slot<MultiMarginKernel> multiMarginLossSlot;
extern Slot<MultiMarginSlopeKernel> multiMarginSlopeSlot;

}  // namespace cresset::nn
