#include "nn/transfer/Power.h"

#include "tensor/ops/pointwise.h"

namespace cresset::nn {

void Power::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("pow", pow, 1);
}

void Power::forward(const Tensor& y, const Tensor& x) const { cresset::pow(y, x, pow); }

void Power::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  cresset::pow(gx, x, pow - 1);
  gx.cmul(gy).mul(pow);
}

void Sqrt::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("eps", eps);
}

void Sqrt::forward(const Tensor& y, const Tensor& x) const { cresset::sqrt(y, x); }

void Sqrt::gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const {
  sqrtGradientSlot.on(y)(gx, gy, y, 0, 0);
}

}  // namespace cresset::nn
