// nn.HardShrink and nn.SoftShrink: small values become 0.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x where |x| > lambda, otherwise 0. Source: Torch7 nn.HardShrink.
class HardShrink final : public TransferModule {
 public:
  explicit HardShrink(double limit = 0.5) : lambda(limit) {}
  std::string typeName() const override { return "nn.HardShrink"; }
  void fields(FieldVisitor& visit) override;

  double lambda = 0.5;

 protected:
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

/// x moved towards 0 by lambda, and 0 where |x| <= lambda. Source: Torch7 nn.SoftShrink.
class SoftShrink final : public TransferModule {
 public:
  explicit SoftShrink(double limit = 0.5) : lambda(limit) {}
  std::string typeName() const override { return "nn.SoftShrink"; }
  void fields(FieldVisitor& visit) override;

  double lambda = 0.5;

 protected:
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

}  // namespace cresset::nn
