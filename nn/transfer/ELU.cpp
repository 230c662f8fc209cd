#include "nn/transfer/ELU.h"

#include <cstdio>

namespace cresset::nn {

void ELU::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("alpha", alpha, 1)("inplace", inplace);
}

void ELU::forward(const Tensor& y, const Tensor& x) const { eluSlot.on(x)(y, x, alpha, 0); }

void ELU::gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const {
  eluGradientSlot.on(y)(gx, gy, y, alpha, 0);
}

std::string ELU::toString() const {
  char number[64];
  std::snprintf(number, sizeof number, "%f", alpha);
  return typeName() + " (alpha:" + number + ")";
}

}  // namespace cresset::nn
