// The criterions that add up a loss of each element.
#pragma once

#include "nn/Criterion.h"
#include "nn/criterion/kernels.h"

namespace cresset::nn {

/// The sum over elements of a loss of input and target, divided by their number with `sizeAverage`. Only the
/// numbers of elements must agree. Errors: `input and target have different number of elements`.
class ElementCriterion : public Criterion {
 public:
  double updateOutput(const Activity& input, const Activity& target) override;
  Activity updateGradInput(const Activity& input, const Activity& target) override;
  void fields(FieldVisitor& visit) override;

  bool sizeAverage = true;

 protected:
  explicit ElementCriterion(bool isAverage) : sizeAverage(isAverage) {}
  virtual const Slot<LossKernel>& lossSlot() const = 0;
  virtual const Slot<SlopeKernel>& slopeSlot() const = 0;
  virtual double constant() const { return 0; }
  /// A weight for each element of x; nil for none.
  virtual Tensor elementWeights(const Tensor&) const { return {}; }
  /// The target that the loss is computed with.
  virtual Tensor targetFor(const Tensor& x, const Activity& target) const;

 private:
  Tensor outputTensor_;  // Torch7's one-element buffer `output_tensor`, kept for its files
};

/// The mean of (x - t)^2. Source: Torch7 nn.MSECriterion.
class MSECriterion : public ElementCriterion {
 public:
  explicit MSECriterion(bool isAverage = true) : ElementCriterion(isAverage) {}
  std::string typeName() const override { return "nn.MSECriterion"; }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return squaredErrorLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return squaredErrorSlopeSlot; }
};

/// The mean of |x - t|. Source: Torch7 nn.AbsCriterion.
class AbsCriterion final : public ElementCriterion {
 public:
  explicit AbsCriterion(bool isAverage = true) : ElementCriterion(isAverage) {}
  std::string typeName() const override { return "nn.AbsCriterion"; }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return absoluteErrorLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return absoluteErrorSlopeSlot; }
};

/// Half the square of x - t where that is below 1, otherwise |x - t| - 1/2. Source: Torch7
/// nn.SmoothL1Criterion.
class SmoothL1Criterion final : public ElementCriterion {
 public:
  explicit SmoothL1Criterion(bool isAverage = true) : ElementCriterion(isAverage) {}
  std::string typeName() const override { return "nn.SmoothL1Criterion"; }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return smoothL1LossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return smoothL1SlopeSlot; }
};

/// The Kullback-Leibler divergence t (log t - x) for log-probabilities x. Source: Torch7
/// nn.DistKLDivCriterion.
class DistKLDivCriterion final : public ElementCriterion {
 public:
  explicit DistKLDivCriterion(bool isAverage = true) : ElementCriterion(isAverage) {}
  std::string typeName() const override { return "nn.DistKLDivCriterion"; }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return divergenceLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return divergenceSlopeSlot; }
};

/// log(1 + exp(-x t)) for targets of 1 and -1. Source: Torch7 nn.SoftMarginCriterion.
class SoftMarginCriterion final : public ElementCriterion {
 public:
  explicit SoftMarginCriterion(bool isAverage = true) : ElementCriterion(isAverage) {}
  std::string typeName() const override { return "nn.SoftMarginCriterion"; }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return softMarginLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return softMarginSlopeSlot; }
};

/// max(0, margin - x t) for targets of 1 and -1. Source: Torch7 nn.MarginCriterion.
class MarginCriterion final : public ElementCriterion {
 public:
  explicit MarginCriterion(double limit = 1) : ElementCriterion(true), margin(limit) {}
  std::string typeName() const override { return "nn.MarginCriterion"; }
  void fields(FieldVisitor& visit) override;

  double margin = 1;

 protected:
  const Slot<LossKernel>& lossSlot() const override { return marginLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return marginSlopeSlot; }
  double constant() const override { return margin; }
};

/// The sum of |x|; there is no target. Source: Torch7 nn.L1Cost.
class L1Cost final : public ElementCriterion {
 public:
  L1Cost() : ElementCriterion(false) {}
  std::string typeName() const override { return "nn.L1Cost"; }
  // The only class of the family that is never averaged and has no such field.
  void fields(FieldVisitor& visit) override {
    Criterion::fields(visit);  // NOLINT(bugprone-parent-virtual-call)
  }

 protected:
  const Slot<LossKernel>& lossSlot() const override { return magnitudeLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return magnitudeSlopeSlot; }
  Tensor targetFor(const Tensor& x, const Activity&) const override { return x; }
};

/// The binary cross entropy of probabilities x and targets in [0, 1]. `weights` [n] has one for each column
/// of a batch. Errors: weights not a vector; an x outside [0, 1] (`input value should be between 0~1`).
/// Source: Torch7 nn.BCECriterion.
class BCECriterion final : public ElementCriterion {
 public:
  explicit BCECriterion(Tensor columnWeights = {}, bool isAverage = true);
  std::string typeName() const override { return "nn.BCECriterion"; }
  void fields(FieldVisitor& visit) override;

  Tensor weights;

 protected:
  const Slot<LossKernel>& lossSlot() const override { return crossEntropyLossSlot; }
  const Slot<SlopeKernel>& slopeSlot() const override { return crossEntropySlopeSlot; }
  double constant() const override { return 1; }
  Tensor elementWeights(const Tensor& x) const override;
};

/// The squared error between x and weight * t: the weight scales the target. Source: Torch7
/// nn.WeightedMSECriterion.
class WeightedMSECriterion final : public MSECriterion {
 public:
  WeightedMSECriterion() = default;
  /// `w` is copied: as large as the target, or as one sample of it.
  explicit WeightedMSECriterion(const Tensor& w) : weight(w.clone()) {}
  std::string typeName() const override { return "nn.WeightedMSECriterion"; }
  void fields(FieldVisitor& visit) override;

  Tensor weight;

 protected:
  Tensor targetFor(const Tensor& x, const Activity& target) const override;
};

}  // namespace cresset::nn
