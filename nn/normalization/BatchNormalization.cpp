#include "nn/normalization/BatchNormalization.h"

#include "nn/normalization/kernels.h"
#include "tensor/Error.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/random.h"

namespace cresset::nn {

Slot<BatchNormKernel> batchNormSlot{"nn.BatchNormalization", loadNnKernels};
Slot<BatchNormGradientKernel> batchNormGradientSlot{"nn.BatchNormalization", loadNnKernels};

BatchNormalization::BatchNormalization(int64_t nOutput, double epsilon, double step, bool isAffine)
    : running_mean(defaultType(), {nOutput}),
      running_var(defaultType(), {nOutput}),
      affine(isAffine),
      eps(epsilon),
      momentum(step) {
  if (nOutput < 1)
    fail("nn.BatchNormalization", arg(1, "nOutput"), {"expected at least 1, got ", text(nOutput)});
  train = true;
  if (affine) {
    weight = Tensor(defaultType(), {nOutput});
    bias = Tensor(defaultType(), {nOutput});
    gradWeight = Tensor(defaultType(), {nOutput});
    gradBias = Tensor(defaultType(), {nOutput});
  }
  reset();
}

void BatchNormalization::reset(std::optional<double>) {
  if (weight) uniform(weight);
  if (bias) bias.zero();
  if (running_mean) running_mean.zero();
  if (running_var) running_var.fill(1);
}

Tensor BatchNormalization::batchOf(const Tensor& input) const {
  needDims("running_mean", running_mean, 1);
  const int64_t n = running_mean.nElement();
  needElements("running_var", running_var, n, running_mean);
  if (weight) needElements("weight", weight, n, running_mean);
  if (bias) needElements("bias", bias, n, running_mean);
  checkInput(input, running_mean);
  const bool isSample = !isTraining() && input.dim() == nDim() - 1;
  if (input.dim() != nDim() && !isSample)
    fail(typeName(), arg(1, "input"),
         {"only mini-batch supported (", text(nDim()), "D tensor), got ", text(input.dim()),
          "D tensor instead"});
  const Tensor x = isSample ? input.unsqueeze(0) : input;
  if (x.size(1) != running_mean.nElement())
    fail(typeName(), arg(1, "input"),
         {"got ", text(x.size(1)), "-feature tensor, expected ", text(running_mean.nElement())});
  return x.contiguous();
}

Tensor BatchNormalization::gradientOf(const Tensor& x, const Tensor& gradOutput) const {
  if (!output || output.empty()) fail(typeName(), {"must call :updateOutput() first"});
  if (isTraining() && (!save_mean || !save_std || save_mean.empty()))
    fail(typeName(), {"must call :updateOutput() first"});
  if (isTraining()) {
    needElements("save_mean", save_mean, running_mean.nElement(), running_mean);
    needElements("save_std", save_std, running_mean.nElement(), running_mean);
  }
  checkGradOutput(gradOutput);
  checkSameElements(typeName().c_str(), arg(2, "gradOutput"), gradOutput, x);
  return gradOutput.contiguous();
}

Tensor BatchNormalization::updateOutput(const Tensor& input) {
  const Tensor x = batchOf(input);
  const Type type = x.type();
  if (!save_mean || save_mean.type() != type) save_mean = Tensor(type);
  if (!save_std || save_std.type() != type) save_std = Tensor(type);
  save_mean.resizeAs(running_mean);
  save_std.resizeAs(running_var);
  if (output.type() != type) output = Tensor(type);
  output.resizeAs(x);
  if (!output.isContiguous()) output.set().resizeAs(x);
  batchNormSlot.on(x)(
      output, x, {weight, bias, running_mean, running_var, save_mean, save_std, isTraining(), momentum, eps});
  return output;
}

void BatchNormalization::backwardInto(const Tensor& gx, const Tensor& gradW, const Tensor& gradB,
                                      const Tensor& input, const Tensor& gradOutput, double scale) {
  const Tensor x = batchOf(input), gy = gradientOf(x, gradOutput);
  batchNormGradientSlot.on(x)(
      gx, gradW, gradB, gy, x,
      {weight, bias, running_mean, running_var, save_mean, save_std, isTraining(), momentum, eps}, scale);
}

Tensor BatchNormalization::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  if (gradInput.type() != input.type()) gradInput = Tensor(input.type());
  gradInput.resizeAs(output ? output : input);
  if (!gradInput.isContiguous()) gradInput.set().resizeAs(output);
  backwardInto(gradInput, {}, {}, input, gradOutput, 1);
  return gradInput;
}

void BatchNormalization::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  if (!weight) return;
  needElements("gradWeight", gradWeight, weight.nElement(), weight);
  if (gradBias) needElements("gradBias", gradBias, weight.nElement(), weight);
  backwardInto({}, gradWeight, gradBias, input, gradOutput, scale);
}

void BatchNormalization::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("affine", affine, true)("eps", eps, 1e-5)("momentum", momentum, 0.1);
  visit("weight", weight)("bias", bias)("gradWeight", gradWeight)("gradBias", gradBias);
  visit("running_mean", running_mean)("running_var", running_var);
  visit("save_mean", save_mean)("save_std", save_std);
  // Version 1 kept running_std = 1 / sqrt(var + eps).
  visit("running_std", running_std_);
  if (!running_std_) return;
  if (!running_var) {
    running_var = Tensor(running_std_.type());
    pow(running_var, running_std_, -2);
    running_var.add(-eps);
  }
  running_std_ = {};
}

std::string BatchNormalization::toString() const {
  return typeName() + " (" + std::to_string(nDim()) + "D) (" +
         std::to_string(running_mean ? running_mean.nElement() : 0) + ")";
}

}  // namespace cresset::nn
