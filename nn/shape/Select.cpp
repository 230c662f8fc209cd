#include "nn/shape/Select.h"

namespace cresset::nn {

Tensor Select::part(const Tensor& x) const {
  const int64_t d = dimensionOf("nn.Select", x, dimension);
  return x.select(d, index < 0 ? x.size(d) + index : index - 1);
}

Tensor Select::updateOutput(const Tensor& input) {
  const Tensor selected = part(input);
  return ofType(output, input.type()).resizeAs(selected).copy(selected);
}

Tensor Select::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  ofType(gradInput, gradOutput.type()).resizeAs(input).zero();
  part(gradInput).copy(gradOutput);
  return gradInput;
}

void Select::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("dimension", dimension, 1)("index", index, 1);
}

Tensor Narrow::part(const Tensor& x) const {
  const int64_t d = dimensionOf("nn.Narrow", x, dimension);
  int64_t first = index, n = length;
  if (n < 0) n = x.size(d) - index + length + 2;
  if (index < 0) {
    first = 1;
    n = x.size(d) - n;
  }
  return x.narrow(d, first - 1, n);
}

Tensor Narrow::updateOutput(const Tensor& input) {
  const Tensor narrowed = part(input);
  return ofType(output, input.type()).resizeAs(narrowed).copy(narrowed);
}

Tensor Narrow::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  ofType(gradInput, gradOutput.type()).resizeAs(input).zero();
  part(gradInput).copy(gradOutput);
  return gradInput;
}

void Narrow::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("dimension", dimension, 1)("index", index, 1)("length", length, 1);
}

}  // namespace cresset::nn
