// nn.ConcatTable: one input for all children, a table of their outputs.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Gives the same input, a tensor or a table, to every child; the output is the table of the children's
/// outputs, not copied. The gradient by the input is the sum of theirs. Source: Torch7 nn.ConcatTable.
class ConcatTable final : public Container {
 public:
  ConcatTable();
  std::string typeName() const override { return "nn.ConcatTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) override;
  Activity backward(const Activity& input, const Activity& gradOutput, double scale = 1) override;
  std::string toString() const override { return branchesToString(); }
};

}  // namespace cresset::nn
