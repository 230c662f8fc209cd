#include "nn/linear/Linear.h"

#include "tensor/Error.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/reduce.h"

namespace cresset::nn {
namespace {

/// The argument as a matrix with `columns` columns: one sample is a batch of one.
Tensor rows(Arg argument, const Tensor& x, const Tensor& weight, int64_t columns) {
  if (x.dim() != 1 && x.dim() != 2)
    fail("nn.Linear", argument,
         {argument.position == 1 ? "input" : "it", " must be vector or matrix, got ", describe(x)});
  checkSameType("nn.Linear", argument, x, weight);
  if (x.size(x.dim() - 1) != columns)
    fail("nn.Linear", argument,
         {"size mismatch, m1: ", shapeText(x.sizes().data(), x.dim()),
          ", m2: ", shapeText(weight.t().sizes().data(), 2)});
  return x.dim() == 1 ? x.unsqueeze(0) : x;
}

/// Gives `y` the sizes of `x`, but for the last one, and returns it as a matrix.
Tensor resizeRows(const Tensor& y, const Tensor& x, int64_t columns) {
  if (x.dim() == 1) return y.resize({columns}).view({1, columns});
  return y.resize({x.size(0), columns});
}

}  // namespace

Linear::Linear(int64_t inputSize, int64_t outputSize, bool hasBias)
    : weight(defaultType(), {outputSize, inputSize}), gradWeight(defaultType(), {outputSize, inputSize}) {
  if (inputSize < 1) fail("nn.Linear", arg(1, "inputSize"), {"expected at least 1, got ", text(inputSize)});
  if (outputSize < 1)
    fail("nn.Linear", arg(2, "outputSize"), {"expected at least 1, got ", text(outputSize)});
  if (hasBias) {
    bias = Tensor(defaultType(), {outputSize});
    gradBias = Tensor(defaultType(), {outputSize});
  }
  reset();
}

Tensor Linear::updateOutput(const Tensor& input) {
  needDims("weight", weight, 2);
  if (bias) needElements("bias", bias, weight.size(0), weight);
  const Tensor x = rows(arg(1, "input"), input, weight, weight.size(1));
  const Tensor y = resizeRows(output, input, weight.size(0));
  addmm(y, 0, y, 1, x, weight.t());
  if (bias) y.add(1, bias.expandAs(y));
  return output;
}

Tensor Linear::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  needDims("weight", weight, 2);
  if (!gradInput) return {};  // scripts set gradInput to nil on a first layer to skip this product
  const Tensor gy = rows(arg(2, "gradOutput"), gradOutput, weight, weight.size(0));
  const Tensor gx = resizeRows(gradInput, input, weight.size(1));
  addmm(gx, 0, gx, 1, gy, weight);
  return gradInput;
}

void Linear::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  needDims("weight", weight, 2);
  needElements("gradWeight", gradWeight, weight.nElement(), weight);
  const Tensor x = rows(arg(1, "input"), input, weight, weight.size(1));
  const Tensor gy = rows(arg(2, "gradOutput"), gradOutput, weight, weight.size(0));
  gradWeight.addmm(scale, gy.t(), x);
  if (!bias) return;
  needElements("gradBias", gradBias, weight.size(0), weight);
  Tensor total(gy.type());
  sum(total, gy, 0);
  gradBias.add(scale, total);
}

void Linear::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("weight", weight)("bias", bias)("gradWeight", gradWeight)("gradBias", gradBias);
}

void Linear::reset(std::optional<double> stdv) {
  needDims("weight", weight, 2);
  initUniform({weight, bias}, stdv, static_cast<double>(weight.size(1)));
}

std::string Linear::toString() const {
  if (!weight || weight.dim() != 2) return typeName();
  return typeName() + "(" + std::to_string(weight.size(1)) + " -> " + std::to_string(weight.size(0)) + ")" +
         (bias ? "" : " without bias");
}

void Linear::noBias() { bias = gradBias = {}; }

}  // namespace cresset::nn
