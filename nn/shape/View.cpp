#include "nn/shape/View.h"

#include "tensor/Error.h"

namespace cresset::nn {
namespace {

std::string joined(Sizes sizes, const char* separator) {
  std::string text;
  for (int64_t size : sizes) text += (text.empty() ? "" : separator) + std::to_string(size);
  return text;
}

}  // namespace

void View::resetSize(Sizes sizes) {
  int64_t product = 1, inferred = 0;
  for (int64_t n : sizes) {
    if (n == -1) {
      ++inferred;
    } else if (n <= 0) {
      fail("nn.View", arg(1, "size"), {"size should be positive or -1, got ", joined(sizes, "x")});
    } else {
      product *= n;
    }
  }
  if (inferred > 1)
    fail("nn.View", arg(1, "size"), {"only one dimension can be at -1, got ", joined(sizes, "x")});
  size = Shape(sizes);
  numElements = product;
}

Tensor View::updateOutput(const Tensor& input) {
  if (!size) fail("nn.View", {"the field size is missing"});
  const int64_t own = std::min(numInputDims.value_or(input.dim()), input.dim());
  int64_t elements = 1, batch = 1;
  bool isInferred = false;
  for (int64_t d = 0; d < input.dim(); ++d) (d < input.dim() - own ? batch : elements) *= input.size(d);
  for (int64_t n : *size) isInferred = isInferred || n == -1;
  if (numElements < 1 || elements % numElements != 0)
    fail("nn.View", arg(1, "input"),
         {"input view (", joined(input.sizes(), "x"), ") and desired view (", joined(*size, "x"),
          ") do not match"});
  if (!isInferred) batch *= elements / numElements;
  Shape sizes = *size;
  if (batch != 1 || (numInputDims && input.dim() > *numInputDims)) sizes.insert(0, batch);
  output = input.view(sizes);
  return output;
}

Tensor View::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  return reshapeGradient(input, gradOutput);
}

void View::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("size", size)("numElements", numElements)("numInputDims", numInputDims);
}

std::string View::toString() const { return typeName() + "(" + joined(size.value_or(Shape()), ", ") + ")"; }

}  // namespace cresset::nn
