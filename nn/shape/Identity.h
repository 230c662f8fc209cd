// nn.Identity and nn.Contiguous: the input itself.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The output is the input object, whatever it is, and the gradient the gradOutput object. Source: Torch7
/// nn.Identity.
class Identity final : public TableModule {
 public:
  std::string typeName() const override { return "nn.Identity"; }
  Activity updateOutput(const Activity& input) override { return output = input; }
  Activity updateGradInput(const Activity&, const Activity& gradOutput) override {
    return gradInput = gradOutput;
  }
};

/// The input when it is contiguous, otherwise a contiguous copy; the gradient likewise. Source: Torch7
/// nn.Contiguous.
class Contiguous final : public TensorModule {
 public:
  std::string typeName() const override { return "nn.Contiguous"; }
  Tensor updateOutput(const Tensor& input) override { return pointTo(output, input.contiguous()); }
  Tensor updateGradInput(const Tensor&, const Tensor& gradOutput) override {
    return pointTo(gradInput, gradOutput.contiguous());
  }
};

}  // namespace cresset::nn
