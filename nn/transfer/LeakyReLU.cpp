#include "nn/transfer/LeakyReLU.h"

#include <cstdio>

namespace cresset::nn {

void LeakyReLU::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("negval", negval, 0.01)("inplace", inplace);
}

void LeakyReLU::forward(const Tensor& y, const Tensor& x) const { leakyReLUSlot.on(x)(y, x, negval, 0); }

void LeakyReLU::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  leakyReLUGradientSlot.on(x)(gx, gy, x, negval, 0);
}

std::string LeakyReLU::toString() const {
  char number[64];
  std::snprintf(number, sizeof number, "%g", negval);
  return typeName() + "(" + number + ")";
}

}  // namespace cresset::nn
