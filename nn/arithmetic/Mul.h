// nn.Mul and nn.CMul: learnt factors.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// y = w x for one number w, which starts uniform in ±1. Source: Torch7 nn.Mul.
class Mul final : public TensorModule {
 public:
  Mul();
  std::string typeName() const override { return "nn.Mul"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;

  Tensor weight, gradWeight;  // [1]
};

/// y = x * weight, element by element, with weight repeated along its dimensions of size 1, or for every
/// sample. `weight` starts uniform in ±1/sqrt(its elements). Source: Torch7 nn.CMul.
class CMul final : public TensorModule {
 public:
  CMul() = default;
  explicit CMul(Sizes sizes);
  std::string typeName() const override { return "nn.CMul"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  bool mayHaveNilGradInput() const override { return true; }

  std::optional<Shape> size;
  Tensor weight, gradWeight;
};

}  // namespace cresset::nn
