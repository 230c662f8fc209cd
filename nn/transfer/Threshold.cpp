#include "nn/transfer/Threshold.h"

namespace cresset::nn {
namespace {

void checkInplace(const std::string& typeName, const Threshold& self) {
  if (self.inplace && self.val > self.threshold)
    fail(typeName, {"in-place processing requires value (", text(self.val), ") not exceed threshold (",
                    text(self.threshold), ")"});
}

}  // namespace

Threshold::Threshold(double limit, double valueBelow, bool isInplace)
    : threshold(limit), val(valueBelow), inplace(isInplace) {
  checkInplace("nn.Threshold", *this);
}

void Threshold::fields(FieldVisitor& visit) {
  TransferModule::fields(visit);
  visit("threshold", threshold)("val", val)("inplace", inplace, false);
}

void Threshold::forward(const Tensor& y, const Tensor& x) const {
  checkInplace(typeName(), *this);  // scripts may have set the fields since
  thresholdSlot.on(x)(y, x, threshold, val);
}

void Threshold::gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const {
  thresholdGradientSlot.on(x)(gx, gy, x, threshold, val);
}

}  // namespace cresset::nn
