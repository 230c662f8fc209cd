// nn.SpatialConvolution and its relatives: the same operation with the weight as a matrix, or with dilated
// kernels.
#pragma once

#include "nn/convolution/ConvolutionModule.h"

namespace cresset::nn {

/// A ConvolutionModule whose weight is [nOutputPlane x nInputPlane x kH x kW]. Files of its first version,
/// with a matrix, are accepted. Source: Torch7 nn.SpatialConvolution.
class SpatialConvolution : public ConvolutionModule {
 public:
  SpatialConvolution() = default;
  SpatialConvolution(int64_t inputs, int64_t outputs, int64_t width, int64_t height, int64_t stepW = 1,
                     int64_t stepH = 1, int64_t paddingW = 0, std::optional<int64_t> paddingH = {})
      : ConvolutionModule(inputs, outputs, width, height, stepW, stepH, paddingW, paddingH.value_or(paddingW),
                          {outputs, inputs, height, width}) {}
  std::string typeName() const override { return "nn.SpatialConvolution"; }
  void fields(FieldVisitor& visit) override;
};

/// The same with the weight as a matrix [nOutputPlane x nInputPlane kH kW]. Source: Torch7
/// nn.SpatialConvolutionMM.
class SpatialConvolutionMM final : public ConvolutionModule {
 public:
  SpatialConvolutionMM() = default;
  SpatialConvolutionMM(int64_t inputs, int64_t outputs, int64_t width, int64_t height, int64_t stepW = 1,
                       int64_t stepH = 1, int64_t paddingW = 0, std::optional<int64_t> paddingH = {})
      : ConvolutionModule(inputs, outputs, width, height, stepW, stepH, paddingW, paddingH.value_or(paddingW),
                          {outputs, inputs * height * width}) {}
  std::string typeName() const override { return "nn.SpatialConvolutionMM"; }
};

/// A kernel whose elements are dilationW and dilationH apart. Source: Torch7 nn.SpatialDilatedConvolution.
class SpatialDilatedConvolution final : public SpatialConvolution {
 public:
  SpatialDilatedConvolution() = default;
  SpatialDilatedConvolution(int64_t inputs, int64_t outputs, int64_t width, int64_t height, int64_t stepW,
                            int64_t stepH, int64_t paddingW, std::optional<int64_t> paddingH, int64_t apartW,
                            int64_t apartH)
      : SpatialConvolution(inputs, outputs, width, height, stepW, stepH, paddingW, paddingH),
        dilationW(apartW),
        dilationH(apartH) {}
  std::string typeName() const override { return "nn.SpatialDilatedConvolution"; }
  void fields(FieldVisitor& visit) override;

  int64_t dilationW = 1, dilationH = 1;

 protected:
  Convolution geometry() const override { return {dW, dH, padW, padH, dilationW, dilationH}; }
  std::string describeGeometry() const override;
};

}  // namespace cresset::nn
