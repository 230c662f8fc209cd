// nn.SoftPlus: a smooth ReLU.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

/// log(1 + exp(beta x)) / beta, and x itself where beta x > threshold. Source: Torch7 nn.SoftPlus.
class SoftPlus final : public TransferModule {
 public:
  explicit SoftPlus(double steepness = 1) : beta(steepness) {}
  std::string typeName() const override { return "nn.SoftPlus"; }
  void fields(FieldVisitor& visit) override;

  double beta = 1;
  double threshold = 20;  // Torch7's: exp(20) is where the 1 beside it stops to matter in a float

 protected:
  Source source() const override { return Source::Output; }
  void forward(const Tensor& y, const Tensor& x) const override;
  void gradient(const Tensor& gx, const Tensor& gy, const Tensor& y) const override;
};

}  // namespace cresset::nn
