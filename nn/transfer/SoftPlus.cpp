#include "nn/transfer/SoftPlus.h"

namespace cresset::nn {

void SoftPlus::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("beta", beta, 1)("threshold", threshold, 20);
}

void SoftPlus::forward(const Tensor& y, const Tensor& x) const { softPlusSlot.on(x)(y, x, beta, threshold); }

void SoftPlus::gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const {
  softPlusGradientSlot.on(y)(gx, gy, y, beta, threshold);
}

}  // namespace cresset::nn
