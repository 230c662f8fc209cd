// nn.ParallelTable: an entry of the input table for each child.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Child i maps entry i of the input table to entry i of the output table. Source: Torch7 nn.ParallelTable.
class ParallelTable final : public Container {
 public:
  ParallelTable();
  std::string typeName() const override { return "nn.ParallelTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) override;
  Activity backward(const Activity& input, const Activity& gradOutput, double scale = 1) override;
  std::string toString() const override { return branchesToString(); }
};

}  // namespace cresset::nn
