// The base of the two-dimensional convolutions that have one kernel for each pair of planes.
#pragma once

#include "nn/Module.h"
#include "nn/convolution/kernels.h"

namespace cresset::nn {

/// y = bias + the sum over input planes of their cross-correlation with a kH x kW kernel.
/// Input [nInputPlane x h x w] or [batch x nInputPlane x h x w]; output size floor((i + 2 pad - (dilation (k
/// - 1) + 1)) / d) + 1 in each direction. `weight` and `bias` start uniform in ±1/sqrt(kW kH nInputPlane),
/// weight drawn first. Errors: other ranks, another number of planes, `Output size is too small`.
class ConvolutionModule : public TensorModule {
 public:
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  std::string toString() const override;
  bool mayHaveNilGradInput() const override { return true; }
  /// Drops bias and gradBias.
  void noBias() { bias = gradBias = {}; }

  int64_t nInputPlane = 1, nOutputPlane = 1;
  int64_t kW = 1, kH = 1, dW = 1, dH = 1, padW = 0, padH = 0;
  Tensor weight, gradWeight;  // [nOutputPlane x nInputPlane x kH x kW], or the last three as one
  Tensor bias, gradBias;      // [nOutputPlane] or nil

 protected:
  ConvolutionModule() = default;
  ConvolutionModule(int64_t inputs, int64_t outputs, int64_t width, int64_t height, int64_t stepW,
                    int64_t stepH, int64_t paddingW, int64_t paddingH, Sizes weightSizes);
  virtual Convolution geometry() const { return {dW, dH, padW, padH}; }
  /// The part of `toString` between the parentheses.
  virtual std::string describeGeometry() const;

 private:
  Tensor kernels(const Tensor& parameter) const;
  Tensor batchOf(const Tensor& input) const;
  Shape outputSizes(const Tensor& batch) const;
  Tensor gradientOf(const Tensor& batch, const Tensor& gradOutput) const;
  std::optional<int64_t> padding_;
};

}  // namespace cresset::nn
