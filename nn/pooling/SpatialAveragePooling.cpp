#include "nn/pooling/SpatialAveragePooling.h"

#include "tensor/Error.h"

namespace cresset::nn {

Slot<AveragePoolingKernel> averagePoolingSlot{"nn.SpatialAveragePooling", loadNnKernels};
Slot<AveragePoolingGradientKernel> averagePoolingGradientSlot{"nn.SpatialAveragePooling", loadNnKernels};

Tensor SpatialAveragePooling::updateOutput(const Tensor& input) {
  checkInput(input, output);
  const Tensor x = batchOf(input);
  const Shape sizes = pooledSizes(x);
  const Tensor y(x.type(), sizes);
  averagePoolingSlot.on(x)(y, x, window(), divisor());
  output.set(y.storage(), 0, likeInput(input, sizes));
  // Torch7 takes the mean and multiplies, so that a clipped window counts as a whole one.
  if (!divide) output.mul(static_cast<double>(kW * kH));
  return output;
}

Tensor SpatialAveragePooling::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  if (!gradInput) return {};
  checkInput(input, gradInput);
  const Tensor gy = batchOf(gradOutput);
  const Shape sizes = pooledSizes(batchOf(input));
  if (!(gy.sizes() == static_cast<Sizes>(sizes)) || gy.type() != input.type())
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the output, ", shapeText(sizes.begin(), sizes.size()), ", got ",
          describe(gradOutput)});
  gradInput.resizeAs(input);
  if (!gradInput.isContiguous()) gradInput.set().resizeAs(input);
  gradInput.zero();
  const Tensor gx = batchOf(gradInput);
  averagePoolingGradientSlot.on(gx)(gx, gy, window(), divisor());
  if (!divide) gradInput.mul(static_cast<double>(kW * kH));
  return gradInput;
}

void SpatialAveragePooling::fields(FieldVisitor& visit) {
  PoolingModule::fields(visit);
  visit("count_include_pad", count_include_pad, true)("divide", divide, false);
}

}  // namespace cresset::nn
