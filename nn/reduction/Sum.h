// nn.Sum and nn.Mean.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The sum along a dimension (from 1, or from the end when negative), which disappears unless `squeeze` is
/// false. With nInputDims, the dimension is that of a sample. `sizeAverage` divides by its size. Errors:
/// `dimension exceeds input dimensions`. Source: Torch7 nn.Sum.
class Sum : public TensorModule {
 public:
  explicit Sum(int64_t summed = 1, std::optional<int64_t> sampleDims = {}, bool isAverage = false,
               bool isSqueezed = true)
      : dimension(summed), nInputDims(sampleDims), sizeAverage(isAverage), squeeze(isSqueezed) {}
  std::string typeName() const override { return "nn.Sum"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1;
  std::optional<int64_t> nInputDims;
  bool sizeAverage = false, squeeze = true;
};

/// A Sum that divides by the size. Source: Torch7 nn.Mean.
class Mean final : public Sum {
 public:
  explicit Mean(int64_t averaged = 1, std::optional<int64_t> sampleDims = {})
      : Sum(averaged, sampleDims, true) {}
  std::string typeName() const override { return "nn.Mean"; }
};

}  // namespace cresset::nn
