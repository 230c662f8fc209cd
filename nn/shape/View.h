// nn.View.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The input's memory in other sizes, one of which may be -1. The batch is told from the sizes: when the
/// input, or its last `numInputDims` dimensions, has several times the elements of the view, the output gets
/// a batch dimension. Errors: an input that is not contiguous; counts that do not divide (`input view (2x2)
/// and desired view (3) do not match`). Source: Torch7 nn.View.
class View final : public TensorModule {
 public:
  View() = default;
  explicit View(Sizes sizes) { resetSize(sizes); }
  std::string typeName() const override { return "nn.View"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  /// Throws Error (`only one dimension can be at -1`, `size should be positive or -1`).
  void resetSize(Sizes sizes);

  std::optional<Shape> size;
  int64_t numElements = 0;  // product of the sizes that are not -1
  std::optional<int64_t> numInputDims;
};

}  // namespace cresset::nn
