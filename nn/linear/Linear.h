// nn.Linear: the dense layer.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// y = W x + b for each row of the input.
/// Input  [inputSize] or [batch x inputSize]; output [outputSize] or [batch x outputSize].
/// `weight` and `bias` start uniform in ±1/sqrt(inputSize), weight drawn first.
/// Errors: input neither 1D nor 2D (`input must be vector or matrix`), or its last size not inputSize (`size
/// mismatch`). Source: Torch7 nn.Linear.
class Linear final : public TensorModule {
 public:
  Linear() = default;
  Linear(int64_t inputSize, int64_t outputSize, bool hasBias = true);
  std::string typeName() const override { return "nn.Linear"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  std::string toString() const override;
  bool mayHaveNilGradInput() const override { return true; }
  /// Drops bias and gradBias.
  void noBias();

  Tensor weight, gradWeight;  // [outputSize x inputSize]
  Tensor bias, gradBias;      // [outputSize]; nil without bias
};

}  // namespace cresset::nn
