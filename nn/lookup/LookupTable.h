// nn.LookupTable: a learnt vector for each word.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// Row k of `weight` for each index k (from 1) in the input.
/// Input [n] or [batch x n] of any type; output [n x nOutput] or [batch x n x nOutput].
/// `weight` starts as N(0, 1). The row `paddingValue` gets no gradient. With maxNorm, the rows in use are
/// scaled to a normType-norm of at most maxNorm before they are looked up. Errors: other ranks (`input must
/// be a vector or matrix`), `index out of range`. Source: Torch7 nn.LookupTable.
class LookupTable final : public TensorModule {
 public:
  LookupTable() = default;
  LookupTable(int64_t nIndex, int64_t nOutput, int64_t padding = 0, std::optional<double> largestNorm = {},
              std::optional<double> p = {});
  std::string typeName() const override { return "nn.LookupTable"; }
  Tensor updateOutput(const Tensor& input) override;
  /// Zeros of the input's type: nothing can be learnt about an index.
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  /// N(0, stdv).
  void reset(std::optional<double> stdv = {}) override;
  /// Drops gradWeight, for scripts that call accUpdateGradParameters alone.
  void accUpdateOnly() { gradWeight = {}; }

  Tensor weight, gradWeight;  // [nIndex x nOutput]
  int64_t paddingValue = 0;
  std::optional<double> maxNorm, normType;
  std::optional<bool> shouldScaleGradByFreq = false;

 private:
  /// The input as a contiguous LongTensor on the device of `weight`.
  Tensor indices(const Tensor& input) const;
};

}  // namespace cresset::nn
