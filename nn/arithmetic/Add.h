// nn.Add and nn.CAdd: a learnt offset.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// y = x + bias for each sample; with `scalar`, one bias for all elements.
/// `bias` starts uniform in ±1/sqrt(its first size). Source: Torch7 nn.Add.
class Add final : public TensorModule {
 public:
  Add() = default;
  explicit Add(Sizes sizes, bool isScalar = false);
  std::string typeName() const override { return "nn.Add"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  bool mayHaveNilGradInput() const override { return true; }

  Tensor bias, gradBias;
  std::optional<bool> scalar;

 private:
  bool hasOneBias() const { return bias.nElement() == 1; }
  Tensor ones_;  // Torch7's workspace `_ones`, kept for its files
};

/// y = x + bias, with bias repeated along its dimensions of size 1, or for every sample.
/// `bias` starts uniform in ±1/sqrt(its elements). Source: Torch7 nn.CAdd.
class CAdd final : public TensorModule {
 public:
  CAdd() = default;
  explicit CAdd(Sizes sizes);
  std::string typeName() const override { return "nn.CAdd"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;

  std::optional<Shape> size;
  Tensor bias, gradBias;
};

}  // namespace cresset::nn
