// nn.Transpose.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// Swaps pairs of dimensions, one pair after the other; the output is a contiguous copy. Dimensions count
/// from 1, and, with numInputDims, are those of a sample behind any batch dimensions. Source: Torch7
/// nn.Transpose.
class Transpose final : public TensorModule {
 public:
  Transpose() : permutations(Activity::list({})) {}
  /// `pairs` is a table of tables of two numbers.
  explicit Transpose(Activity pairs);
  std::string typeName() const override { return "nn.Transpose"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  Activity permutations;
  std::optional<int64_t> numInputDims;

 private:
  /// The pairs as dimensions of the input, from 0.
  std::vector<std::pair<int64_t, int64_t>> pairs(const Tensor& input) const;
};

}  // namespace cresset::nn
