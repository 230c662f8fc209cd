// nn.MultiMarginCriterion: the multi-class hinge loss.
#pragma once

#include "nn/Criterion.h"
#include "nn/criterion/kernels.h"

namespace cresset::nn {

/// The sum over classes j other than the label t of w[t] max(0, margin - x[t] + x[j])^p, divided by the
/// number of classes, for x [classes] or [batch x classes]; with `sizeAverage`, the mean over the batch.
/// Errors: p neither 1 nor 2. Source: Torch7 nn.MultiMarginCriterion.
class MultiMarginCriterion final : public Criterion {
 public:
  explicit MultiMarginCriterion(int64_t exponent = 1, Tensor classWeights = {}, double limit = 1);
  std::string typeName() const override { return "nn.MultiMarginCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;

  int64_t p = 1;
  Tensor weights;  // [classes] or nil
  double margin = 1;
  bool sizeAverage = true;

 private:
  MultiMargin prepare(const Tensor& x, const Activity& target) const;
};

}  // namespace cresset::nn
