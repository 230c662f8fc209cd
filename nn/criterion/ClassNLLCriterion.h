// nn.ClassNLLCriterion and nn.SpatialClassNLLCriterion.
#pragma once

#include "nn/Criterion.h"
#include "nn/criterion/kernels.h"

namespace cresset::nn {

/// The negative log-likelihood -w[t] x[t] of class labels t (from 1), for log-probabilities x [classes] or
/// [batch x classes]; with `sizeAverage`, divided by the sum of the w[t]. The target is a number for one
/// sample, otherwise a tensor of any type. Labels equal to ignoreIndex count for nothing. Errors:
/// `multi-target not supported`, `input tensor should be 1D or 2D`, a batch size that differs, weights for
/// another number of classes, labels that are no class. Source: Torch7 nn.ClassNLLCriterion.
class ClassNLLCriterion : public Criterion {
 public:
  explicit ClassNLLCriterion(Tensor classWeights = {}, bool isAverage = true, int64_t ignored = -100);
  std::string typeName() const override { return "nn.ClassNLLCriterion"; }
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;
  /// The sum of the weights of the targets.
  std::optional<double> secondOutput() const override { return totalWeight_; }

  Tensor weights;  // [classes] or nil
  bool sizeAverage = true;
  int64_t ignoreIndex = -100;
  // One-element buffers of Torch7, and the last target.
  Tensor output_tensor, total_weight_tensor, target;

 protected:
  /// Throws unless input and labels fit together; returns the input as [batch x classes x ...].
  virtual Tensor batchOf(const Tensor& input, const Tensor& labels) const;

 private:
  ClassLoss prepare(const Tensor& x, const Activity& labels);
  /// Throws unless there are no weights, or one for each class of the batch x.
  void checkWeights(const Tensor& x) const;
  double totalWeight_ = 1;
};

/// The same for each position of x [batch x classes x h x w] and target [batch x h x w].
/// Source: Torch7 nn.SpatialClassNLLCriterion.
class SpatialClassNLLCriterion final : public ClassNLLCriterion {
 public:
  using ClassNLLCriterion::ClassNLLCriterion;
  std::string typeName() const override { return "nn.SpatialClassNLLCriterion"; }

 protected:
  Tensor batchOf(const Tensor& input, const Tensor& labels) const override;
};

}  // namespace cresset::nn
