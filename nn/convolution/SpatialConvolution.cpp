#include "nn/convolution/SpatialConvolution.h"

#include "tensor/Error.h"

namespace cresset::nn {
namespace {

/// A matrix of a first-version file as four dimensions, on the same memory.
void unfoldMatrix(const Tensor& parameter, Sizes sizes) {
  if (parameter && parameter.dim() == 2 && parameter.nElement() == elementCount(sizes) &&
      parameter.isContiguous())
    parameter.set(parameter.view(sizes));
}

}  // namespace

void SpatialConvolution::fields(FieldVisitor& visit) {
  ConvolutionModule::fields(visit);
  unfoldMatrix(weight, {nOutputPlane, nInputPlane, kH, kW});
  unfoldMatrix(gradWeight, {nOutputPlane, nInputPlane, kH, kW});
}

void SpatialDilatedConvolution::fields(FieldVisitor& visit) {
  SpatialConvolution::fields(visit);
  visit("dilationW", dilationW, 1)("dilationH", dilationH, 1);
}

std::string SpatialDilatedConvolution::describeGeometry() const {
  return SpatialConvolution::describeGeometry() + ", " + text(dilationW) + "," + text(dilationH);
}

}  // namespace cresset::nn
