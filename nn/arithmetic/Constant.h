// nn.AddConstant, nn.MulConstant and nn.Constant.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// y = x + constant_scalar, a number or a vector that is added to every row. In place, the input is
/// overwritten, and restored by updateGradInput. Source: Torch7 nn.AddConstant.
class AddConstant final : public TensorModule {
 public:
  AddConstant() = default;
  explicit AddConstant(Activity constant, bool isInplace = false);
  std::string typeName() const override { return "nn.AddConstant"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  Activity constant_scalar{0.0};
  bool inplace = false;

 private:
  /// x += sign * constant.
  void addTo(const Tensor& x, double sign) const;
};

/// y = constant_scalar x. In place, input and gradOutput are overwritten, and updateGradInput restores the
/// input. Source: Torch7 nn.MulConstant.
class MulConstant final : public TensorModule {
 public:
  explicit MulConstant(double constant = 1, bool isInplace = false)
      : constant_scalar(constant), inplace(isInplace) {}
  std::string typeName() const override { return "nn.MulConstant"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  bool mayHaveNilGradInput() const override { return true; }

  double constant_scalar = 1;
  bool inplace = false;
};

/// `value` whatever the input is, once for each sample when the input has more than nInputDim dimensions. The
/// gradient is 0. Source: Torch7 nn.Constant.
class Constant final : public TensorModule {
 public:
  Constant() = default;
  explicit Constant(const Activity& numberOrTensor, std::optional<int64_t> sampleDims = {});
  std::string typeName() const override { return "nn.Constant"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  Tensor value;
  std::optional<int64_t> nInputDim;
};

}  // namespace cresset::nn
