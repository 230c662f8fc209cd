// nn.Max and nn.Min.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// What the two share: the extreme along a dimension (from 1, or from the end when negative), which
/// disappears. With nInputDims, the dimension is that of a sample. The gradient goes to the element that won.
class ExtremeModule : public TensorModule {
 public:
  explicit ExtremeModule(int64_t along = 1, std::optional<int64_t> sampleDims = {})
      : dimension(along), nInputDims(sampleDims) {}
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1;
  std::optional<int64_t> nInputDims;

 protected:
  virtual void extreme(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t d) const = 0;

 private:
  Tensor indices_;  // where they were, from 1; the field `_indices`
};

/// Source: Torch7 nn.Max.
class Max final : public ExtremeModule {
 public:
  using ExtremeModule::ExtremeModule;
  std::string typeName() const override { return "nn.Max"; }

 protected:
  void extreme(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t d) const override;
};

/// Source: Torch7 nn.Min.
class Min final : public ExtremeModule {
 public:
  using ExtremeModule::ExtremeModule;
  std::string typeName() const override { return "nn.Min"; }

 protected:
  void extreme(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t d) const override;
};

}  // namespace cresset::nn
