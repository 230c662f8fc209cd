// nn.Sequential: one child after the other.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Feeds each child's output to the next one. Without children, the output is the input, and the gradient
/// methods throw Error.
/// Source: Torch7 nn.Sequential.
class Sequential : public Container {
 public:
  std::string typeName() const override { return "nn.Sequential"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) override;
  Activity backward(const Activity& input, const Activity& gradOutput, double scale = 1) override;
  std::string toString() const override;

  /// Appends; `output` is then the child's.
  void add(ModulePtr module) override;
  /// `at` counts from 0. Throws Error (`index should be contiguous to existing modules`) beyond the end.
  void insert(ModulePtr module, int64_t at);
  /// `at` counts from 0. Throws Error (`index out of range`).
  void remove(int64_t at);

 private:
  /// Throws Error when there are no children.
  void checkChildren() const;
  /// The input of child i, which is the stored output of the one before.
  Activity inputOf(size_t i, const Activity& input) const;
};

}  // namespace cresset::nn
