// nn.Select and nn.Narrow: a part of the input along one dimension, copied.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// One index of a dimension, which disappears. Both count from 1, or from the end when negative.
/// Source: Torch7 nn.Select.
class Select final : public TensorModule {
 public:
  Select() = default;
  Select(int64_t selectedDimension, int64_t selectedIndex)
      : dimension(selectedDimension), index(selectedIndex) {}
  std::string typeName() const override { return "nn.Select"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1, index = 1;

 private:
  Tensor part(const Tensor& x) const;
};

/// `length` elements of a dimension from `index` (from 1) on. A negative length counts from the end: -1 is up
/// to the last element. A negative index means all but `length` elements. Source: Torch7 nn.Narrow.
class Narrow final : public TensorModule {
 public:
  Narrow() = default;
  Narrow(int64_t narrowedDimension, int64_t offset, int64_t count = 1)
      : dimension(narrowedDimension), index(offset), length(count) {}
  std::string typeName() const override { return "nn.Narrow"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1, index = 1, length = 1;

 private:
  Tensor part(const Tensor& x) const;
};

}  // namespace cresset::nn
