#include "nn/softmax/SoftMax.h"

#include "tensor/ops/pointwise.h"

namespace cresset::nn {

Slot<SoftMaxKernel> softMaxSlot{"nn.SoftMax", loadNnKernels}, logSoftMaxSlot{"nn.LogSoftMax", loadNnKernels};
Slot<SoftMaxGradientKernel> softMaxGradientSlot{"nn.SoftMax", loadNnKernels},
    logSoftMaxGradientSlot{"nn.LogSoftMax", loadNnKernels};

namespace {

Split splitOf(const std::string& op, const Tensor& x) {
  if (x.dim() < 1 || x.dim() > 4)
    fail(op, arg(1, "input"), {"1D, 2D, 3D or 4D tensor expected, got ", describe(x)});
  return splitAt(x, x.dim() % 2 == 1 ? 0 : 1);
}

}  // namespace

Tensor SoftMaxModule::updateOutput(const Tensor& input) {
  const Split split = splitOf(typeName(), input);
  const Tensor& y = outputLike(input);
  if (!y.isContiguous()) y.set().resizeAs(input);
  forwardSlot().on(input)(y, input.contiguous(), split);
  return y;
}

Tensor SoftMaxModule::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const Split split = splitOf(typeName(), input);
  const Tensor& gx = gradInputLike(input, gradOutput);
  checkGradOutput(gradOutput);
  if (!gx.isContiguous()) gx.set().resizeAs(input);
  gradientSlot().on(input)(gx, gradOutput.contiguous(), output.contiguous(), split);
  return gx;
}

Tensor SoftMin::updateOutput(const Tensor& input) {
  checkInput(input, output);
  Tensor negative(input.type());
  mul(negative, input, -1);
  return SoftMax::updateOutput(negative);
}

Tensor SoftMin::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  SoftMax::updateGradInput(input, gradOutput);
  return gradInput.mul(-1);
}

}  // namespace cresset::nn
