// nn.ELU: exponential below 0.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// x where x > 0, otherwise alpha (exp(x) - 1). Source: Torch7 nn.ELU.
class ELU final : public TransferModule {
 public:
  explicit ELU(double limit = 1, bool isInplace = false) : alpha(limit), inplace(isInplace) {}
  std::string typeName() const override { return "nn.ELU"; }
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  double alpha = 1;
  bool inplace = false;

 protected:
  Source source() const override { return Source::Output; }
  bool isInplace() const override { return inplace; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const override;
};

}  // namespace cresset::nn
