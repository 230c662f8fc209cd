// The sum of the gradients that several modules give for one shared input.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Adds up gradients in `gradInput`, which takes the nesting of the first one. Nil gradients are skipped: a
/// child whose script set its gradInput to nil computes none.
class GradientSum {
 public:
  GradientSum(const Container& owner, Activity& gradInput, const Activity& input);
  /// Throws Error (`currentGradInput is not a table!`, `table size mismatch`) when the nesting is not the
  /// input's.
  void add(const Activity& gradient);
  /// The sum; zeros when there was nothing to add.
  const Activity& result();

 private:
  const Container& owner_;
  Activity& gradInput_;
  const Activity& input_;
  bool isFirst_ = true;
};

}  // namespace cresset::nn
