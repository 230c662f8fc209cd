#include "nn/reduction/Max.h"

#include "tensor/ops/index.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {

Tensor ExtremeModule::updateOutput(const Tensor& input) {
  const int64_t d = dimensionOf(typeName(), input, dimension, nInputDims);
  checkInput(input, output);
  if (!output.isContiguous()) output.set();  // last time's view
  ofType(indices_, {DType::Long, input.device()});
  extreme(output, indices_, input, d);
  if (output.dim() > 1) output.set(output.select(d, 0));
  return output;
}

Tensor ExtremeModule::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const int64_t d = dimensionOf(typeName(), input, dimension, nInputDims);
  checkInput(input, gradInput);
  checkGradOutput(gradOutput);
  Shape sizes = input.sizes();
  sizes[d] = 1;
  const Tensor positions = indices_ ? indices_.to({DType::Long, input.device()}) : Tensor();
  if (!positions || !(positions.sizes() == static_cast<Sizes>(sizes)))
    fail(typeName(), {"updateGradInput needs updateOutput for the same input ", describe(input), " first"});
  gradInput.resizeAs(input).zero();
  scatter(gradInput, d, positions, gradOutput.contiguous().view(sizes));
  return gradInput;
}

void ExtremeModule::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("dimension", dimension, 1)("nInputDims", nInputDims)("_indices", indices_);
}

void Max::extreme(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t d) const {
  max(values, indices, x, d);
}

void Min::extreme(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t d) const {
  min(values, indices, x, d);
}

}  // namespace cresset::nn
