#include "nn/reduction/Sum.h"

#include "tensor/ops/reduce.h"

namespace cresset::nn {

Tensor Sum::updateOutput(const Tensor& input) {
  const int64_t d = dimensionOf(typeName(), input, dimension, nInputDims);
  checkInput(input, output);
  if (!output.isContiguous()) output.set();  // last time's view
  sum(output, input, d);
  if (sizeAverage) output.div(static_cast<double>(input.size(d)));
  if (squeeze && output.dim() > 1) output.set(output.select(d, 0));
  return output;
}

Tensor Sum::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const int64_t d = dimensionOf(typeName(), input, dimension, nInputDims);
  checkInput(input, gradInput);
  Shape sizes = input.sizes();
  sizes[d] = 1;
  checkGradOutput(input, gradOutput, sizes);
  gradInput.resizeAs(input).copy(gradOutput.contiguous().view(sizes).expandAs(input));
  if (sizeAverage) gradInput.div(static_cast<double>(input.size(d)));
  return gradInput;
}

void Sum::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("dimension", dimension, 1)("nInputDims", nInputDims)("sizeAverage", sizeAverage)("squeeze", squeeze,
                                                                                         true);
}

}  // namespace cresset::nn
