#include "nn/arithmetic/Constant.h"

#include "tensor/Error.h"
#include "tensor/ops/pointwise.h"

namespace cresset::nn {

AddConstant::AddConstant(Activity constant, bool isInplace)
    : constant_scalar(std::move(constant)), inplace(isInplace) {
  if (!constant_scalar.isNumber() && !constant_scalar.isTensor())
    fail("nn.AddConstant", arg(1, "constant_scalar"),
         {"input is not scalar! It is ", describe(constant_scalar)});
}

void AddConstant::addTo(const Tensor& x, double sign) const {
  if (constant_scalar.isTensor()) {
    x.add(sign, constant_scalar.tensor().expandAs(x));
  } else {
    x.add(sign * constant_scalar.number("nn.AddConstant", arg(1, "constant_scalar")));
  }
}

Tensor AddConstant::updateOutput(const Tensor& input) {
  checkInput(input, output);
  if (inplace) {
    addTo(input, 1);
    return output.set(input);
  }
  addTo(output.resizeAs(input).copy(input), 1);
  return output;
}

Tensor AddConstant::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  gradInputLike(input, gradOutput);
  if (!inplace) return gradInput.copy(gradOutput);
  addTo(input, -1);
  return gradInput.set(gradOutput);
}

void AddConstant::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("constant_scalar", constant_scalar)("inplace", inplace);
}

Tensor MulConstant::updateOutput(const Tensor& input) {
  checkInput(input, output);
  if (inplace) return output.set(input.mul(constant_scalar));
  mul(output, input, constant_scalar);
  return output;
}

Tensor MulConstant::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  if (!gradInput) return {};
  gradInputLike(input, gradOutput);
  if (inplace) {
    gradInput.set(gradOutput.mul(constant_scalar));
    input.div(constant_scalar);
  } else {
    mul(gradInput, gradOutput, constant_scalar);
  }
  return gradInput;
}

void MulConstant::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("constant_scalar", constant_scalar, 1)("inplace", inplace);
}

Constant::Constant(const Activity& numberOrTensor, std::optional<int64_t> sampleDims)
    : nInputDim(sampleDims) {
  if (numberOrTensor.isNumber()) {
    value = Tensor(defaultType(), {1});
    value.fill(numberOrTensor.number());
  } else {
    value = numberOrTensor.tensor("nn.Constant", arg(1, "value")).clone();
  }
}

Tensor Constant::updateOutput(const Tensor& input) {
  needTensor("value", value);
  const bool isBatch = nInputDim && input.dim() > *nInputDim;
  Shape sizes = value.sizes();
  if (isBatch) sizes.insert(0, input.size(0));
  return ofType(output, value.type()).resize(sizes).copy(isBatch ? value.expand(sizes) : value);
}

Tensor Constant::updateGradInput(const Tensor& input, const Tensor&) {
  return ofType(gradInput, input.type()).resizeAs(input).zero();
}

void Constant::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("value", value)("nInputDim", nInputDim);
}

}  // namespace cresset::nn
