#include "nn/transfer/Shrink.h"

namespace cresset::nn {

void HardShrink::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("lambda", lambda, 0.5);
}

void HardShrink::forward(const Tensor& y, const Tensor& x) const { hardShrinkSlot.on(x)(y, x, lambda, 0); }

void HardShrink::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  hardShrinkGradientSlot.on(x)(gx, gy, x, lambda, 0);
}

void SoftShrink::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("lambda", lambda, 0.5);
}

void SoftShrink::forward(const Tensor& y, const Tensor& x) const { softShrinkSlot.on(x)(y, x, lambda, 0); }

void SoftShrink::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  softShrinkGradientSlot.on(x)(gx, gy, x, lambda, 0);
}

}  // namespace cresset::nn
