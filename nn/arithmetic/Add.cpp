#include "nn/arithmetic/Add.h"

#include "nn/arithmetic/broadcast.h"
#include "tensor/Error.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {

Add::Add(Sizes sizes, bool isScalar)
    : bias(defaultType(), isScalar ? Sizes({1}) : sizes),
      gradBias(defaultType(), bias.sizes()),
      ones_(defaultType(), {1}) {
  if (bias.empty()) fail("nn.Add", arg(1, "inputSize"), {"expected at least one positive size"});
  if (isScalar) scalar = true;
  ones_.fill(1);
  reset();
}

void Add::reset(std::optional<double> stdv) {
  needTensor("bias", bias);
  initUniform({bias}, stdv, static_cast<double>(bias.size(0)));
}

Tensor Add::updateOutput(const Tensor& input) {
  needTensor("bias", bias);
  checkInput(input, bias);
  if (hasOneBias()) {
    add(output, input, bias.item());
  } else {
    add(output, input, 1, spread("nn.Add", bias, input));
  }
  return output;
}

Tensor Add::updateGradInput(const Tensor&, const Tensor& gradOutput) {
  if (!gradInput) return {};
  return gradInput.resizeAs(gradOutput).copy(gradOutput);
}

void Add::accGradParameters(const Tensor&, const Tensor& gradOutput, double scale) {
  needTensor("bias", bias);
  needElements("gradBias", gradBias, bias.nElement(), bias);
  if (hasOneBias()) {
    gradBias.add(scale * sumAll(gradOutput));
  } else {
    gatherInto("nn.Add", gradBias, scale, gradOutput);
  }
}

void Add::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("bias", bias)("gradBias", gradBias)("scalar", scalar);
  if (!visit.isCall()) visit("_ones", ones_);
}

CAdd::CAdd(Sizes sizes) : size(Shape(sizes)), bias(defaultType(), sizes), gradBias(defaultType(), sizes) {
  if (bias.empty()) fail("nn.CAdd", arg(1, "size"), {"expected at least one positive size"});
  reset();
}

void CAdd::reset(std::optional<double> stdv) {
  initUniform({bias}, stdv, static_cast<double>(bias.nElement()));
}

Tensor CAdd::updateOutput(const Tensor& input) {
  needTensor("bias", bias);
  checkInput(input, bias);
  add(output, input, 1, spread("nn.CAdd", bias, input));
  return output;
}

Tensor CAdd::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  return gradInputLike(input, gradOutput).copy(gradOutput);
}

void CAdd::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  needTensor("bias", bias);
  needElements("gradBias", gradBias, bias.nElement(), bias);
  gatherInto("nn.CAdd", gradBias, scale, gradOutput.contiguous().view(input.sizes()));
}

void CAdd::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("size", size)("bias", bias)("gradBias", gradBias);
}

}  // namespace cresset::nn
