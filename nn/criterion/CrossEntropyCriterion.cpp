#include "nn/criterion/CrossEntropyCriterion.h"

#include "nn/criterion/ClassNLLCriterion.h"
#include "nn/softmax/SoftMax.h"
#include "tensor/Error.h"

namespace cresset::nn {
namespace {

Activity squeezed(const Activity& x) { return x.isTensor() ? Activity(x.tensor().squeeze()) : x; }

}  // namespace

CrossEntropyCriterion::CrossEntropyCriterion(Tensor classWeights, bool isAverage)
    : lsm(std::make_shared<LogSoftMax>()),
      nll(std::make_shared<ClassNLLCriterion>(std::move(classWeights), isAverage)),
      sizeAverage(isAverage),
      oldSizeAverage(isAverage) {}

double CrossEntropyCriterion::updateOutput(const Activity& input, const Activity& target) {
  checkParts();
  const Tensor x = input.tensor("nn.CrossEntropyCriterion", arg(1, "input")).squeeze();
  if (sizeAverage != oldSizeAverage) {
    nll->setSizeAverage(sizeAverage);
    oldSizeAverage = sizeAverage;
  }
  return output = nll->updateOutput(lsm->updateOutput(x), squeezed(target));
}

Activity CrossEntropyCriterion::updateGradInput(const Activity& input, const Activity& target) {
  checkParts();
  const Tensor& given = input.tensor("nn.CrossEntropyCriterion", arg(1, "input"));
  const Tensor x = given.squeeze();
  const Activity gradient = nll->updateGradInput(lsm->currentOutput(), squeezed(target));
  const Activity gx = lsm->updateGradInput(x, gradient);
  return gradInput = gx.tensor("nn.CrossEntropyCriterion", arg(1, "gradInput")).view(given.sizes());
}

void CrossEntropyCriterion::checkParts() const {
  if (!lsm || !nll)
    fail("nn.CrossEntropyCriterion", {"the fields lsm and nll must hold a module and a criterion"});
}

void CrossEntropyCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("lsm", lsm)("nll", nll)("sizeAverage", sizeAverage, true)("oldSizeAverage", oldSizeAverage, true);
}

}  // namespace cresset::nn
