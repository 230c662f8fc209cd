// nn.HardTanh, nn.Clamp and nn.ReLU6: values limited to an interval.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x limited to [min_val, max_val]; the slope outside, and at the limits, is 0.
/// Errors: max_val not above min_val. Source: Torch7 nn.HardTanh.
class HardTanh : public TransferModule {
 public:
  explicit HardTanh(double minimum = -1, double maximum = 1, bool isInplace = false);
  std::string typeName() const override { return "nn.HardTanh"; }
  void fields(FieldVisitor& visit) override;

  double min_val = -1, max_val = 1;
  bool inplace = false;

 protected:
  bool isInplace() const override { return inplace; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

/// A HardTanh whose limits must be given. Source: Torch7 nn.Clamp.
class Clamp final : public HardTanh {
 public:
  using HardTanh::HardTanh;
  std::string typeName() const override { return "nn.Clamp"; }
};

/// x limited to [0, 6]. Source: Torch7 nn.ReLU6.
class ReLU6 final : public TransferModule {
 public:
  explicit ReLU6(bool isInplace = false) : inplace(isInplace) {}
  std::string typeName() const override { return "nn.ReLU6"; }
  void fields(FieldVisitor& visit) override;

  bool inplace = false;

 protected:
  bool isInplace() const override { return inplace; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

}  // namespace cresset::nn
