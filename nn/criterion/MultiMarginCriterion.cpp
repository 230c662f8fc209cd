#include "nn/criterion/MultiMarginCriterion.h"

#include "tensor/Error.h"

namespace cresset::nn {

Slot<MultiMarginKernel> multiMarginLossSlot{"nn.MultiMarginCriterion", loadNnKernels};
Slot<MultiMarginSlopeKernel> multiMarginSlopeSlot{"nn.MultiMarginCriterion", loadNnKernels};

namespace {

constexpr const char* kName = "nn.MultiMarginCriterion";

/// The input as a contiguous [batch x classes].
Tensor batchOf(const Activity& input) {
  const Tensor& x = input.tensor(kName, arg(1, "input"));
  if (x.dim() != 1 && x.dim() != 2)
    fail(kName, arg(1, "input"), {"vector or matrix expected, got ", describe(x)});
  return x.dim() == 1 ? x.contiguous().unsqueeze(0) : x.contiguous();
}

}  // namespace

MultiMarginCriterion::MultiMarginCriterion(int64_t exponent, Tensor classWeights, double limit)
    : p(exponent), weights(std::move(classWeights)), margin(limit) {
  if (p != 1 && p != 2) fail(kName, arg(1, "p"), {"only p=1 and p=2 supported, got ", text(p)});
  if (weights && weights.dim() != 1)
    fail(kName, arg(2, "weights"), {"weights input should be 1-D Tensor, got ", describe(weights)});
}

MultiMargin MultiMarginCriterion::prepare(const Tensor& x, const Activity& target) const {
  const Type type{DType::Long, x.device()};
  Tensor labels(type, {1});
  if (target.isNumber()) {
    labels.fill(target.number());
  } else {
    labels = target.tensor(kName, arg(2, "target")).to(type).contiguous();
  }
  if (labels.nElement() != x.size(0))
    fail(kName, arg(2, "target"),
         {"inconsistent target size: expected ", text(x.size(0)), " labels, got ", text(labels.nElement())});
  if (weights) {
    checkSameType(kName, arg(2, "weights"), weights, x);
    if (weights.nElement() != x.size(1))
      fail(kName, arg(2, "weights"),
           {"inconsistent weights size: expected ", text(x.size(1)), ", got ", text(weights.nElement())});
  }
  return {labels, weights ? weights.contiguous() : Tensor(), p, margin};
}

double MultiMarginCriterion::updateOutput(const Activity& input, const Activity& target) {
  const Tensor x = batchOf(input);
  output = multiMarginLossSlot.on(x)(x, prepare(x, target));
  if (sizeAverage) output /= static_cast<double>(x.size(0));
  return output;
}

Activity MultiMarginCriterion::updateGradInput(const Activity& input, const Activity& target) {
  const Tensor x = batchOf(input);
  const MultiMargin m = prepare(x, target);
  if (!gradInput.isTensor() || gradInput.tensor().type() != x.type()) gradInput = Tensor(x.type());
  const Tensor& gx = gradInput.tensor();
  gx.resizeAs(input.tensor());
  if (!gx.isContiguous()) gx.set().resizeAs(input.tensor());
  multiMarginSlopeSlot.on(x)(gx.view(x.sizes()), x, m, sizeAverage ? 1 / static_cast<double>(x.size(0)) : 1);
  return gradInput;
}

void MultiMarginCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("p", p, 1)("weights", weights)("margin", margin, 1)("sizeAverage", sizeAverage);
}

}  // namespace cresset::nn
