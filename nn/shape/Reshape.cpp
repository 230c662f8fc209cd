#include "nn/shape/Reshape.h"

#include "tensor/Error.h"

namespace cresset::nn {

Reshape::Reshape(Sizes sizes, std::optional<bool> isBatch)
    : size(Shape(sizes)), batchsize(Shape(sizes)), nelement(elementCount(sizes)), batchMode(isBatch) {
  if (sizes.size() == 0) fail("nn.Reshape", arg(1, "size"), {"expected at least one size"});
  batchsize->insert(0, 1);
}

Tensor Reshape::updateOutput(const Tensor& input) {
  if (!size || input.empty()) fail("nn.Reshape", arg(1, "input"), {"cannot reshape ", describe(input)});
  const bool isWhole = batchMode ? !*batchMode : input.nElement() == nelement && input.size(0) != 1;
  if (isWhole) {
    pointTo(output, input.contiguous().view(*size));
  } else {
    Shape sizes = *size;
    sizes.insert(0, input.size(0));
    batchsize = sizes;
    pointTo(output, input.contiguous().view(sizes));
  }
  return output;
}

Tensor Reshape::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  return reshapeGradient(input, gradOutput);
}

void Reshape::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("size", size)("batchsize", batchsize)("nelement", nelement)("batchMode", batchMode);
}

std::string Reshape::toString() const {
  std::string text;
  for (int64_t n : size.value_or(Shape())) text += (text.empty() ? "" : "x") + std::to_string(n);
  return typeName() + "(" + text + ")";
}

}  // namespace cresset::nn
