#include "nn/shape/Replicate.h"

#include "tensor/Error.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {

Replicate::Replicate(int64_t count, int64_t dimension, std::optional<int64_t> sampleDims)
    : nfeatures(count), dim(dimension), ndim(sampleDims) {
  if (count < 1) fail("nn.Replicate", arg(1, "nFeature"), {"expected at least 1, got ", text(count)});
  if (dimension < 1)
    fail("nn.Replicate", arg(2, "dim"), {"Can only replicate across positive integer dimensions."});
}

int64_t Replicate::newDimension(const Tensor& input) const {
  const int64_t d = ndim && input.dim() > *ndim ? dim : dim - 1;
  if (d < 0 || d > input.dim())
    fail("nn.Replicate", arg(1, "input"),
         {"Not enough input dimensions to replicate along dimension ", text(dim), ": got ", describe(input)});
  return d;
}

Tensor Replicate::updateOutput(const Tensor& input) {
  const int64_t d = newDimension(input);
  Shape sizes = input.sizes(), strides = input.strides();
  sizes.insert(d, nfeatures);
  strides.insert(d, 0);
  return ofType(output, input.type()).set(input.storage(), input.storageOffset(), sizes, strides);
}

Tensor Replicate::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const int64_t d = newDimension(input);
  Shape sizes = input.sizes();
  sizes.insert(d, nfeatures);
  checkGradOutput(input, gradOutput, sizes);
  ofType(gradInput, input.type());
  if (!gradInput.isContiguous()) gradInput.set();
  sum(gradInput, gradOutput.contiguous().view(sizes), d);
  return gradInput.resizeAs(input);
}

void Replicate::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("nfeatures", nfeatures, 1)("dim", dim, 1)("ndim", ndim);
}

}  // namespace cresset::nn
