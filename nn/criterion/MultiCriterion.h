// nn.MultiCriterion and nn.ParallelCriterion: weighted sums of criterions.
#pragma once

#include "nn/Criterion.h"
#include "tensor/Storage.h"

namespace cresset::nn {

/// The weighted sum of several criterions of one input and target. Source: Torch7 nn.MultiCriterion.
class MultiCriterion final : public Criterion {
 public:
  MultiCriterion() : weights(kDouble, 0) {}
  std::string typeName() const override { return "nn.MultiCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;
  /// Errors: `no criterion provided`.
  void add(CriterionPtr criterion, double weight = 1);

  std::vector<CriterionPtr> criterions;
  Storage weights;  // doubles
};

/// The weighted sum of criterions, each with its entry of the input table, and of the target table unless all
/// get the same one (`repeatTarget`). Source: Torch7 nn.ParallelCriterion.
class ParallelCriterion final : public Criterion {
 public:
  explicit ParallelCriterion(bool isTargetRepeated = false);
  std::string typeName() const override { return "nn.ParallelCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;
  /// Errors: `no criterion provided`.
  void add(CriterionPtr criterion, double weight = 1);

  std::vector<CriterionPtr> criterions;
  Activity weights = Activity::list({});  // a table of numbers
  std::optional<bool> repeatTarget;

 private:
  /// Calls body(criterion, its weight, its input, its target) for each.
  template <class Body> void each(const Activity& input, const Activity& target, const Body& body) const;
};

}  // namespace cresset::nn
