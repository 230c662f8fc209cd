// nn.Reshape.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The input in other sizes, copied only when it is not contiguous. With `batchMode` true the first dimension
/// is the batch and stays, with false it is not; without a value it is the batch unless the counts agree and
/// it is not 1. Source: Torch7 nn.Reshape.
class Reshape final : public TensorModule {
 public:
  Reshape() = default;
  explicit Reshape(Sizes sizes, std::optional<bool> isBatch = {});
  std::string typeName() const override { return "nn.Reshape"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  std::optional<Shape> size, batchsize;  // batchsize: the same behind the last batch's size
  int64_t nelement = 0;
  std::optional<bool> batchMode;
};

}  // namespace cresset::nn
