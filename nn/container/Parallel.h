// nn.Parallel: a slice of the input for each child.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Child i takes slice i of the input along one dimension; the outputs are joined along another. Both count
/// from 1. As many children run as the input has slices. Without its arguments it can be made and printed; a
/// forward then fails. Source: Torch7 nn.Parallel.
class Parallel final : public Container {
 public:
  Parallel() = default;
  Parallel(int64_t sliced, int64_t joined) : inputDimension(sliced), outputDimension(joined) {}
  std::string typeName() const override { return "nn.Parallel"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override { return branchesToString(); }

  int64_t inputDimension = 0, outputDimension = 0;
  std::optional<Shape> totalOutputSize;  // of the last forward

 private:
  /// The input, checked, with one slice for each child that runs.
  const Tensor& slices(const Activity& input) const;
  /// Calls body(i, slice, gradient) for each child that runs.
  template <class Body> void eachSlice(const Activity& input, const Activity& gradOutput, const Body& body);
};

}  // namespace cresset::nn
