// nn.Squeeze and nn.Unsqueeze: dimensions of size 1.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// An alias of the input without its dimensions of size 1, or without dimension `dim` (from 1) when that has
/// size 1. With numInputDims, a batch has one dimension more, and its first one stays. Source: Torch7
/// nn.Squeeze.
class Squeeze final : public TensorModule {
 public:
  Squeeze() = default;
  explicit Squeeze(std::optional<int64_t> dimension, std::optional<int64_t> sampleDims = {})
      : dim(dimension), numInputDims(sampleDims) {}
  std::string typeName() const override { return "nn.Squeeze"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  std::optional<int64_t> dim, numInputDims;
};

/// An alias of the input with a dimension of size 1 at `pos` (from 1) of a sample. The first input tells how
/// many dimensions a sample has, unless numInputDims does. Source: Torch7 nn.Unsqueeze.
class Unsqueeze final : public TensorModule {
 public:
  Unsqueeze() = default;
  explicit Unsqueeze(int64_t position, std::optional<int64_t> sampleDims = {})
      : pos(position), numInputDims(sampleDims) {}
  std::string typeName() const override { return "nn.Unsqueeze"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override { return typeName() + "(dim " + std::to_string(pos) + ")"; }

  int64_t pos = 1;
  std::optional<int64_t> numInputDims;
};

}  // namespace cresset::nn
