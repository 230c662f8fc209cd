// nn.LeakyReLU: a small slope below 0.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x where x > 0, otherwise negval x. A negative negval is never applied in place: the sign of x would be
/// lost. Source: Torch7 nn.LeakyReLU.
class LeakyReLU final : public TransferModule {
 public:
  explicit LeakyReLU(double slope = 0.01, bool isInplace = false)
      : negval(slope), inplace(isInplace && slope >= 0) {}
  std::string typeName() const override { return "nn.LeakyReLU"; }
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  double negval = 0.01;
  bool inplace = false;

 protected:
  bool isInplace() const override { return inplace && negval >= 0; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& x) const override;
};

}  // namespace cresset::nn
