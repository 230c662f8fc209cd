#include "nn/criterion/HingeEmbeddingCriterion.h"

#include "tensor/Error.h"
#include "tensor/ops/align.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/pointwise.h"

namespace cresset::nn {
namespace {

/// The target as a tensor with x's sizes.
Tensor targetFor(const Tensor& x, const Activity& target) {
  if (target.isNumber()) {
    Tensor y(x.type(), x.sizes());
    return y.fill(target.number());
  }
  const char* op = "nn.HingeEmbeddingCriterion";
  const Tensor& y = target.tensor(op, arg(2, "target"));
  checkSameType(op, arg(2, "target"), y, x);
  return alignTo(op, arg(2, "target"), y, x);
}

/// 1 where y is `value`, of x's type.
Tensor where(const Tensor& y, double value) {
  Tensor mask(y.type());
  eq(mask, y, value);
  return mask;
}

}  // namespace

double HingeEmbeddingCriterion::updateOutput(const Activity& input, const Activity& target) {
  const Tensor& x = input.tensor("nn.HingeEmbeddingCriterion", arg(1, "input"));
  const Tensor y = targetFor(x, target);
  Tensor hinge(x.type());
  mul(hinge, x, -1);
  hinge.add(margin);
  cmax(hinge, hinge, 0);
  output = dot(hinge, where(y, -1)) + dot(x, where(y, 1));
  if (sizeAverage) output /= static_cast<double>(x.nElement());
  return output;
}

Activity HingeEmbeddingCriterion::updateGradInput(const Activity& input, const Activity& target) {
  const Tensor& x = input.tensor("nn.HingeEmbeddingCriterion", arg(1, "input"));
  const Tensor y = targetFor(x, target);
  if (!gradInput.isTensor() || gradInput.tensor().type() != x.type()) gradInput = Tensor(x.type());
  const Tensor& gx = gradInput.tensor();
  // y, but 0 for dissimilar pairs that are far enough apart.
  Tensor isFar(x.type());
  gt(isFar, x, margin);
  isFar.cmul(where(y, -1));
  gx.resizeAs(x).copy(y).add(isFar);
  if (sizeAverage) gx.div(static_cast<double>(x.nElement()));
  return gradInput;
}

void HingeEmbeddingCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("margin", margin, 1)("sizeAverage", sizeAverage, true);
}

}  // namespace cresset::nn
