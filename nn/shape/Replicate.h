// nn.Replicate.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// An alias of the input with a new dimension `dim` (from 1) of size nfeatures, along which it repeats
/// (stride 0). With `ndim`, an input of more dimensions is a batch, and `dim` is counted in its samples.
/// Source: Torch7 nn.Replicate.
class Replicate final : public TensorModule {
 public:
  Replicate() = default;
  explicit Replicate(int64_t count, int64_t dimension = 1, std::optional<int64_t> sampleDims = {});
  std::string typeName() const override { return "nn.Replicate"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t nfeatures = 1, dim = 1;
  std::optional<int64_t> ndim;

 private:
  int64_t newDimension(const Tensor& input) const;
};

}  // namespace cresset::nn
