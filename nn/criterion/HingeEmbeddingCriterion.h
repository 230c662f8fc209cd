// nn.HingeEmbeddingCriterion.
#pragma once

#include "nn/Criterion.h"

namespace cresset::nn {

/// For distances x and targets y of 1 (similar) or -1: x where y is 1, max(0, margin - x) where it is -1. The
/// target is a number for all, or a tensor of x's size. With `sizeAverage`, which is the default, the mean.
/// Source: Torch7 nn.HingeEmbeddingCriterion.
class HingeEmbeddingCriterion final : public Criterion {
 public:
  explicit HingeEmbeddingCriterion(double limit = 1) : margin(limit) {}
  std::string typeName() const override { return "nn.HingeEmbeddingCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;

  double margin = 1;
  bool sizeAverage = true;
};

}  // namespace cresset::nn
