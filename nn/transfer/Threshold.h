// nn.Threshold and nn.ReLU.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x where x > threshold, otherwise val.
/// Errors: in place with val > threshold, which could not tell the two cases apart when going back.
/// Source: Torch7 nn.Threshold.
class Threshold : public TransferModule {
 public:
  explicit Threshold(double limit = 1e-6, double valueBelow = 0, bool isInplace = false);
  std::string typeName() const override { return "nn.Threshold"; }
  void fields(FieldVisitor& visit) override;

  double threshold = 1e-6, val = 0;
  bool inplace = false;

 protected:
  bool isInplace() const override { return inplace; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

/// max(x, 0). Source: Torch7 nn.ReLU.
class ReLU final : public Threshold {
 public:
  explicit ReLU(bool isInplace = false) : Threshold(0, 0, isInplace) {}
  std::string typeName() const override { return "nn.ReLU"; }
};

}  // namespace cresset::nn
