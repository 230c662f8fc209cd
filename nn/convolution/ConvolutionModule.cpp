#include "nn/convolution/ConvolutionModule.h"

#include <algorithm>
#include <limits>

#include "tensor/Error.h"

namespace cresset::nn {

Slot<ConvolutionKernel> convolutionSlot{"nn.SpatialConvolution", loadNnKernels};
Slot<ConvolutionGradInputKernel> convolutionGradInputSlot{"nn.SpatialConvolution", loadNnKernels};
Slot<ConvolutionGradWeightKernel> convolutionGradWeightSlot{"nn.SpatialConvolution", loadNnKernels};

namespace {

std::string sizeText(int64_t planes, int64_t h, int64_t w) {
  return "(" + std::to_string(planes) + " x " + std::to_string(h) + " x " + std::to_string(w) + ")";
}

}  // namespace

ConvolutionModule::ConvolutionModule(int64_t inputs, int64_t outputs, int64_t width, int64_t height,
                                     int64_t stepW, int64_t stepH, int64_t paddingW, int64_t paddingH,
                                     Sizes weightSizes)
    : nInputPlane(inputs),
      nOutputPlane(outputs),
      kW(width),
      kH(height),
      dW(stepW),
      dH(stepH),
      padW(paddingW),
      padH(paddingH) {
  if (inputs < 1 || outputs < 1 || kW < 1 || kH < 1 || dW < 1 || dH < 1)
    fail("nn.SpatialConvolution",
         {"planes, kernel sizes and steps must be positive, got ", text(inputs), " -> ", text(outputs), ", ",
          text(kW), "x", text(kH), ", ", text(dW), ",", text(dH)});
  weight = Tensor(defaultType(), weightSizes);
  gradWeight = Tensor(defaultType(), weightSizes);
  bias = Tensor(defaultType(), {outputs});
  gradBias = Tensor(defaultType(), {outputs});
  ConvolutionModule::reset();
}

void ConvolutionModule::reset(std::optional<double> stdv) {
  initUniform({weight, bias}, stdv, static_cast<double>(kW * kH * nInputPlane));
}

Tensor ConvolutionModule::kernels(const Tensor& parameter) const {
  return parameter.contiguous().view({nOutputPlane, nInputPlane, kH, kW});
}

Tensor ConvolutionModule::batchOf(const Tensor& input) const {
  if (input.dtype() != DType::Float && input.dtype() != DType::Double && input.device() == Device::CPU)
    fail(typeName(), arg(1, "input"), {tensorTypeName(input.type()), ".THNN backend not imported"});
  if (input.dim() != 3 && input.dim() != 4)
    fail(typeName(), arg(1, "input"), {"3D or 4D input tensor expected but got: ", describe(input)});
  needElements("weight", weight, nOutputPlane * nInputPlane * kH * kW, weight);
  if (bias) needElements("bias", bias, nOutputPlane, weight);
  checkInput(input, weight);
  const int64_t planeDim = input.dim() - 3;
  if (input.size(planeDim) != nInputPlane)
    fail(typeName(), arg(1, "input"),
         {"Need input of dimension ", text(input.dim()), " and input.size[", text(planeDim),
          "] == ", text(nInputPlane),
          " but got input to be of shape: ", shapeText(input.sizes().data(), input.dim())});
  return input.dim() == 3 ? input.contiguous().unsqueeze(0) : input.contiguous();
}

Shape ConvolutionModule::outputSizes(const Tensor& batch) const {
  const Convolution c = geometry();
  const int64_t iH = batch.size(2), iW = batch.size(3);
  const auto size = [](int64_t i, int64_t k, int64_t d, int64_t pad, int64_t dilation) {
    const int64_t span = i + 2 * pad - (dilation * (k - 1) + 1);
    return (span >= 0 ? span / d : -((-span + d - 1) / d)) + 1;
  };
  if (c.dW < 1 || c.dH < 1 || c.dilationW < 1 || c.dilationH < 1 || c.padW < 0 || c.padH < 0)
    fail(typeName(), {"steps and dilations must be positive and padding not negative"});
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();  // the product of two fits 64 bits
  if (std::max({kW, kH, c.dW, c.dH, c.padW, c.padH, c.dilationW, c.dilationH}) > kMost)
    fail(typeName(), {"kernel sizes, steps, padding and dilations must be below 2^31"});
  const int64_t oH = size(iH, kH, c.dH, c.padH, c.dilationH), oW = size(iW, kW, c.dW, c.padW, c.dilationW);
  if (oH < 1 || oW < 1)
    fail(typeName(), arg(1, "input"),
         {"Given input size: ", sizeText(nInputPlane, iH, iW),
          ". Calculated output size: ", sizeText(nOutputPlane, oH, oW), ". Output size is too small"});
  return {batch.size(0), nOutputPlane, oH, oW};
}

Tensor ConvolutionModule::gradientOf(const Tensor& batch, const Tensor& gradOutput) const {
  const Shape sizes = outputSizes(batch);
  if (gradOutput.type() != weight.type() || gradOutput.nElement() != elementCount(sizes))
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the output, ", shapeText(sizes.begin(), sizes.size()), ", got ",
          describe(gradOutput)});
  return gradOutput.contiguous().view(sizes);
}

Tensor ConvolutionModule::updateOutput(const Tensor& input) {
  const Tensor x = batchOf(input);
  Shape sizes = outputSizes(x);
  checkInput(input, output);
  if (input.dim() == 3) sizes.erase(0);
  output.resize(sizes);
  if (!output.isContiguous()) output.set().resize(sizes);
  convolutionSlot.on(x)(output.view(outputSizes(x)), x, kernels(weight), bias ? bias.contiguous() : bias,
                        geometry());
  return output;
}

Tensor ConvolutionModule::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  if (!gradInput) return {};
  const Tensor x = batchOf(input), gy = gradientOf(x, gradOutput);
  checkInput(input, gradInput);
  gradInput.resizeAs(input);
  if (!gradInput.isContiguous()) gradInput.set().resizeAs(input);
  convolutionGradInputSlot.on(x)(gradInput.view(x.sizes()), gy, kernels(weight), geometry());
  return gradInput;
}

void ConvolutionModule::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  const Tensor x = batchOf(input), gy = gradientOf(x, gradOutput);
  needElements("gradWeight", gradWeight, weight.nElement(), weight);
  const bool hasBias = bias && gradBias;
  if (hasBias) needElements("gradBias", gradBias, nOutputPlane, weight);
  // Views with gaps are worked on in a copy.
  const Tensor gw = gradWeight.contiguous(), gb = hasBias ? gradBias.contiguous() : Tensor();
  convolutionGradWeightSlot.on(x)(kernels(gw), gb, x, gy, geometry(), scale);
  if (!gw.is(gradWeight)) gradWeight.copy(gw);
  if (hasBias && !gb.is(gradBias)) gradBias.copy(gb);
}

void ConvolutionModule::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("nInputPlane", nInputPlane, 1)("nOutputPlane", nOutputPlane, 1);
  visit("kW", kW, 1)("kH", kH, 1)("dW", dW, 1)("dH", dH, 1);
  constexpr int64_t kMissing = std::numeric_limits<int64_t>::min();
  visit("padW", padW, kMissing)("padH", padH, kMissing);
  visit("weight", weight)("bias", bias)("gradWeight", gradWeight)("gradBias", gradBias);
  // The first files had one `padding` for both directions, or none.
  visit("padding", padding_);
  if (padW == kMissing) padW = padding_.value_or(0);
  if (padH == kMissing) padH = padding_.value_or(0);
  padding_.reset();
}

std::string ConvolutionModule::describeGeometry() const {
  std::string s = text(nInputPlane) + " -> " + text(nOutputPlane) + ", " + text(kW) + "x" + text(kH);
  const bool isPadded = padW != 0 || padH != 0;
  if (dW != 1 || dH != 1 || isPadded) s += ", " + text(dW) + "," + text(dH);
  if (isPadded) s += ", " + text(padW) + "," + text(padH);
  return s;
}

std::string ConvolutionModule::toString() const {
  return typeName() + "(" + describeGeometry() + ")" + (bias ? "" : " without bias");
}

}  // namespace cresset::nn
