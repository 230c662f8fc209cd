#include "nn/criterion/ElementCriterion.h"

#include "tensor/Error.h"
#include "tensor/ops/align.h"
#include "tensor/ops/pointwise.h"

namespace cresset::nn {

#define LOSS(Class, functor)                                       \
  Slot<LossKernel> functor##LossSlot{"nn." #Class, loadNnKernels}; \
  Slot<SlopeKernel> functor##SlopeSlot{"nn." #Class, loadNnKernels};
#include "nn/criterion/losses.def"
#undef LOSS

Tensor ElementCriterion::targetFor(const Tensor& x, const Activity& target) const {
  const Tensor& t = target.tensor(typeName().c_str(), arg(2, "target"));
  checkSameType(typeName().c_str(), arg(2, "target"), t, x);
  if (t.nElement() != x.nElement())
    fail(typeName(), arg(2, "target"),
         {"input and target have different number of elements: input", shapeText(x.sizes().data(), x.dim()),
          " has ", text(x.nElement()), " elements, while target", shapeText(t.sizes().data(), t.dim()),
          " has ", text(t.nElement()), " elements"});
  return t.contiguous();
}

double ElementCriterion::updateOutput(const Activity& input, const Activity& target) {
  const Tensor x = input.tensor(typeName().c_str(), arg(1, "input")).contiguous();
  const Tensor t = targetFor(x, target);
  output = x.empty() ? 0 : lossSlot().on(x)(x, t, elementWeights(x), constant());
  if (sizeAverage && !x.empty()) output /= static_cast<double>(x.nElement());
  return output;
}

Activity ElementCriterion::updateGradInput(const Activity& input, const Activity& target) {
  const Tensor x = input.tensor(typeName().c_str(), arg(1, "input")).contiguous();
  const Tensor t = targetFor(x, target);
  if (!gradInput.isTensor() || gradInput.tensor().type() != x.type()) gradInput = Tensor(x.type());
  const Tensor& gx = gradInput.tensor();
  gx.resizeAs(x);
  if (!gx.isContiguous()) gx.set().resizeAs(x);
  if (!x.empty())
    slopeSlot().on(x)(gx, x, t, elementWeights(x), constant(),
                      sizeAverage ? 1 / static_cast<double>(x.nElement()) : 1);
  return gradInput;
}

void ElementCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("sizeAverage", sizeAverage);
  if (!visit.isCall()) visit("output_tensor", outputTensor_);
}

void MarginCriterion::fields(FieldVisitor& visit) {
  ElementCriterion::fields(visit);
  visit("margin", margin, 1);
}

BCECriterion::BCECriterion(Tensor columnWeights, bool isAverage)
    : ElementCriterion(isAverage), weights(std::move(columnWeights)) {
  if (weights && weights.dim() != 1)
    fail("nn.BCECriterion", arg(1, "weights"),
         {"weights input should be 1-D Tensor, got ", describe(weights)});
}

Tensor BCECriterion::elementWeights(const Tensor& x) const {
  if (!weights) return {};
  checkSameType("nn.BCECriterion", arg(1, "weights"), weights, x);
  return alignTo("nn.BCECriterion", arg(1, "weights"), weights, x).contiguous();
}

void BCECriterion::fields(FieldVisitor& visit) {
  ElementCriterion::fields(visit);
  visit("weights", weights);
}

Tensor WeightedMSECriterion::targetFor(const Tensor& x, const Activity& target) const {
  const Tensor t = MSECriterion::targetFor(x, target).view(x.sizes());
  if (!weight || weight.empty())
    fail("nn.WeightedMSECriterion", {"field weight: expected a tensor, got nil"});
  checkSameType("nn.WeightedMSECriterion", arg(1, "weight"), weight, x);
  Tensor weighted(x.type());
  cmul(weighted, t, alignTo("nn.WeightedMSECriterion", arg(1, "weight"), weight, x));
  return weighted;
}

void WeightedMSECriterion::fields(FieldVisitor& visit) {
  MSECriterion::fields(visit);
  visit("weight", weight);
}

}  // namespace cresset::nn
