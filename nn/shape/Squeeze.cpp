#include "nn/shape/Squeeze.h"

#include "tensor/Error.h"

namespace cresset::nn {

Tensor Squeeze::updateOutput(const Tensor& input) {
  const bool isBatch = numInputDims && input.dim() == *numInputDims + 1;
  if (dim) {
    pointTo(output, input.squeeze(*dim - (isBatch ? 0 : 1)));
  } else {
    const Tensor squeezed = input.squeeze();
    pointTo(output, isBatch && input.size(0) == 1 ? squeezed.unsqueeze(0) : squeezed);
  }
  return output;
}

Tensor Squeeze::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  return reshapeGradient(input, gradOutput);
}

void Squeeze::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("dim", dim)("numInputDims", numInputDims);
}

Tensor Unsqueeze::updateOutput(const Tensor& input) {
  if (!numInputDims) numInputDims = input.dim();
  const int64_t offset = input.dim() - *numInputDims;
  if (offset < 0)
    fail("nn.Unsqueeze", arg(1, "input"),
         {"expected at least numInputDims = ", text(*numInputDims), " dimensions, got ", describe(input)});
  return pointTo(output, input.unsqueeze(pos + offset - 1));
}

Tensor Unsqueeze::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  return reshapeGradient(input, gradOutput);
}

void Unsqueeze::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("pos", pos, 1)("numInputDims", numInputDims);
}

}  // namespace cresset::nn
