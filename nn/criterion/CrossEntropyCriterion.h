// nn.CrossEntropyCriterion.
#pragma once

#include "nn/Criterion.h"

namespace cresset::nn {

/// LogSoftMax and ClassNLLCriterion in one. Dimensions of size 1 of input and target are dropped first.
/// Source: Torch7 nn.CrossEntropyCriterion.
class CrossEntropyCriterion final : public Criterion {
 public:
  explicit CrossEntropyCriterion(Tensor classWeights = {}, bool isAverage = true);
  std::string typeName() const override { return "nn.CrossEntropyCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;

  ModulePtr lsm;
  CriterionPtr nll;
  bool sizeAverage = true;
  bool oldSizeAverage = true;  // what nll was told last: scripts may set nll.sizeAverage themselves

 private:
  void checkParts() const;
};

}  // namespace cresset::nn
