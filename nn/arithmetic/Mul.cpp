#include "nn/arithmetic/Mul.h"

#include "nn/arithmetic/broadcast.h"
#include "tensor/Error.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/pointwise.h"

namespace cresset::nn {

Mul::Mul() : weight(defaultType(), {1}), gradWeight(defaultType(), {1}) { reset(); }

void Mul::reset(std::optional<double> stdv) { initUniform({weight}, stdv, 1); }

Tensor Mul::updateOutput(const Tensor& input) {
  needTensor("weight", weight);
  checkInput(input, weight);
  mul(output, input, weight.item());
  return output;
}

Tensor Mul::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  needTensor("weight", weight);
  gradInputLike(input, gradOutput);
  mul(gradInput, gradOutput, weight.item());
  return gradInput;
}

void Mul::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  needTensor("gradWeight", gradWeight);
  gradWeight.add(scale * dot(input, gradOutput));
}

void Mul::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("weight", weight)("gradWeight", gradWeight);
}

CMul::CMul(Sizes sizes) : size(Shape(sizes)), weight(defaultType(), sizes), gradWeight(defaultType(), sizes) {
  if (weight.empty()) fail("nn.CMul", arg(1, "size"), {"expected at least one positive size"});
  reset();
}

void CMul::reset(std::optional<double> stdv) {
  initUniform({weight}, stdv, static_cast<double>(weight.nElement()));
}

Tensor CMul::updateOutput(const Tensor& input) {
  needTensor("weight", weight);
  checkInput(input, weight);
  cmul(output, input, spread("nn.CMul", weight, input));
  return output;
}

Tensor CMul::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  if (!gradInput) return {};
  needTensor("weight", weight);
  gradInputLike(input, gradOutput);
  cmul(gradInput, gradOutput.contiguous().view(input.sizes()), spread("nn.CMul", weight, input));
  return gradInput;
}

void CMul::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  needTensor("weight", weight);
  needElements("gradWeight", gradWeight, weight.nElement(), weight);
  Tensor product(input.type());
  cmul(product, input, gradOutput);
  gatherInto("nn.CMul", gradWeight, scale, product);
}

void CMul::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("size", size)("weight", weight)("gradWeight", gradWeight);
}

}  // namespace cresset::nn
