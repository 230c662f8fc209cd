// nn.Concat: outputs joined into one tensor.
#pragma once

#include "nn/container/Container.h"

namespace cresset::nn {

/// Gives the same input, a tensor or a table, to every child and joins the outputs along a dimension.
/// `dimension` counts from 1, the batch included. The outputs have equal sizes in the other dimensions.
/// Source: Torch7 nn.Concat.
class Concat : public Container {
 public:
  Concat() = default;
  explicit Concat(int64_t joinedDimension) : dimension(joinedDimension) {}
  std::string typeName() const override { return "nn.Concat"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void accGradParameters(const Activity& input, const Activity& gradOutput, double scale) override;
  Activity backward(const Activity& input, const Activity& gradOutput, double scale = 1) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override { return branchesToString(); }

  int64_t dimension = 1;
  std::optional<Shape> outputSize = Shape();

 protected:
  /// The sizes of the joined output. Throws Error when the children's outputs do not fit together.
  virtual Shape joinedSizes(const std::vector<Tensor>& outputs) const;
  /// The part of `joined` that belongs to a child whose output has the sizes of `part` and starts at
  /// `offset`.
  virtual Tensor window(const Tensor& joined, const Tensor& part, int64_t offset) const;
  /// True when the windows need not cover the joined output, which is zero elsewhere.
  virtual bool leavesGaps() const { return false; }

 private:
  /// Calls body(i, gradient) for each child with its part of gradOutput.
  template <class Body> void eachPart(const Activity& gradOutput, const Body& body);
};

}  // namespace cresset::nn
