// nn.Power and nn.Sqrt.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x^pow. Source: Torch7 nn.Power.
class Power final : public TransferModule {
 public:
  explicit Power(double exponent = 1) : pow(exponent) {}
  std::string typeName() const override { return "nn.Power"; }
  void fields(FieldVisitor& visit) override;

  double pow = 1;

 protected:
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

/// The square root of x; the slope at 0 counts as 0. `eps` is only kept. Source: Torch7 nn.Sqrt.
class Sqrt final : public TransferModule {
 public:
  explicit Sqrt(double epsilon = 0) : eps(epsilon) {}
  std::string typeName() const override { return "nn.Sqrt"; }
  void fields(FieldVisitor& visit) override;

  double eps = 0;

 protected:
  Source source() const override { return Source::Output; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const override;
};

}  // namespace cresset::nn
