#include "nn/pooling/SpatialMaxPooling.h"

#include "tensor/Error.h"

namespace cresset::nn {

Slot<MaxPoolingKernel> maxPoolingSlot{"nn.SpatialMaxPooling", loadNnKernels};
Slot<MaxPoolingGradientKernel> maxPoolingGradientSlot{"nn.SpatialMaxPooling", loadNnKernels};

SpatialMaxPooling::SpatialMaxPooling(int64_t width, int64_t height, int64_t stepW, int64_t stepH,
                                     int64_t paddingW, int64_t paddingH)
    : PoolingModule(width, height, stepW ? stepW : width, stepH ? stepH : height, paddingW, paddingH),
      indices(kLong) {}

Tensor SpatialMaxPooling::updateOutput(const Tensor& input) {
  checkInput(input, output);
  const Tensor x = batchOf(input);
  const Shape sizes = pooledSizes(x);
  iheight = x.size(2);
  iwidth = x.size(3);
  const Tensor y(x.type(), sizes), at({DType::Long, x.device()}, sizes);
  maxPoolingSlot.on(x)(y, at, x, window());
  const Shape shape = likeInput(input, sizes);
  output.set(y.storage(), 0, shape);
  ofType(indices, at.type()).set(at.storage(), 0, shape);
  return output;
}

Tensor SpatialMaxPooling::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const Tensor gy = batchOf(gradOutput);
  const Shape sizes = pooledSizes(batchOf(input));
  if (!(gy.sizes() == static_cast<Sizes>(sizes)) || gy.type() != input.type())
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the output, ", shapeText(sizes.begin(), sizes.size()), ", got ",
          describe(gradOutput)});
  needElements("indices", indices, gy.nElement(), indices);
  checkInput(input, gradInput);
  gradInput.resizeAs(input);
  if (!gradInput.isContiguous()) gradInput.set().resizeAs(input);
  const Tensor gx = batchOf(gradInput);
  maxPoolingGradientSlot.on(gx)(gx, gy, indices.to({DType::Long, gx.device()}).contiguous());
  return gradInput;
}

void SpatialMaxPooling::fields(FieldVisitor& visit) {
  PoolingModule::fields(visit);
  visit("indices", indices)("iheight", iheight)("iwidth", iwidth);
}

SpatialDilatedMaxPooling::SpatialDilatedMaxPooling(int64_t width, int64_t height, int64_t stepW,
                                                   int64_t stepH, int64_t paddingW, int64_t paddingH,
                                                   int64_t apartW, int64_t apartH)
    : SpatialMaxPooling(width, height, stepW, stepH, paddingW, paddingH),
      dilationW(apartW),
      dilationH(apartH) {}

void SpatialDilatedMaxPooling::fields(FieldVisitor& visit) {
  SpatialMaxPooling::fields(visit);
  visit("dilationW", dilationW, 1)("dilationH", dilationH, 1);
}

std::string SpatialDilatedMaxPooling::toString() const {
  std::string s = SpatialMaxPooling::toString();
  s.pop_back();
  return s + ", " + text(dilationW) + "," + text(dilationH) + ")";
}

}  // namespace cresset::nn
