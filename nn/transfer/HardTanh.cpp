#include "nn/transfer/HardTanh.h"

namespace cresset::nn {

HardTanh::HardTanh(double minimum, double maximum, bool isInplace)
    : min_val(minimum), max_val(maximum), inplace(isInplace) {
  if (!(max_val > min_val))
    fail("nn.HardTanh", arg(2, "max_value"),
         {"max_value must be larger than min_value: got ", text(max_val), " and ", text(min_val)});
}

void HardTanh::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("min_val", min_val, -1)("max_val", max_val, 1)("inplace", inplace);
}

void HardTanh::forward(const Tensor& y, const Tensor& x) const { hardTanhSlot.on(x)(y, x, min_val, max_val); }

void HardTanh::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  hardTanhGradientSlot.on(x)(gx, gy, x, min_val, max_val);
}

void ReLU6::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("inplace", inplace);
}

void ReLU6::forward(const Tensor& y, const Tensor& x) const { hardTanhSlot.on(x)(y, x, 0, 6); }

void ReLU6::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  hardTanhGradientSlot.on(x)(gx, gy, x, 0, 6);
}

}  // namespace cresset::nn
