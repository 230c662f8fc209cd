#include "nn/criterion/MultiCriterion.h"

#include "tensor/Error.h"

namespace cresset::nn {
namespace {

/// to += weight * from. Throws Error unless both nest alike.
void accumulate(const Activity& to, double weight, const Activity& from) {
  if (to.isTensor() && from.isTensor()) {
    to.tensor().add(weight, from.tensor());
    return;
  }
  if (!to.isTable() || !from.isTable() || to.table()->list().size() < from.table()->list().size())
    fail("nn.MultiCriterion",
         {"the gradient of a criterion, ", describe(from), ", does not nest as the input, ", describe(to)});
  for (size_t i = 0; i < from.table()->list().size(); ++i)
    accumulate(to.table()->list()[i], weight, from.table()->list()[i]);
}

void checkCriterion(const char* op, const CriterionPtr& criterion) {
  if (!criterion) fail(op, arg(1, "criterion"), {"no criterion provided"});
}

}  // namespace

void MultiCriterion::add(CriterionPtr criterion, double weight) {
  checkCriterion("nn.MultiCriterion", criterion);
  criterions.push_back(std::move(criterion));
  const auto n = static_cast<int64_t>(criterions.size());
  weights.resize(n);
  setElementAt(*weights.impl(), n - 1, weight);
}

double MultiCriterion::updateOutput(const Activity& input, const Activity& target) {
  output = 0;
  for (size_t i = 0; i < criterions.size(); ++i)
    output +=
        elementAt(*weights.impl(), static_cast<int64_t>(i)) * criterions[i]->updateOutput(input, target);
  return output;
}

Activity MultiCriterion::updateGradInput(const Activity& input, const Activity& target) {
  gradInput = zerosLike(input, gradInput);
  for (size_t i = 0; i < criterions.size(); ++i)
    accumulate(gradInput, elementAt(*weights.impl(), static_cast<int64_t>(i)),
               criterions[i]->updateGradInput(input, target));
  return gradInput;
}

void MultiCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("criterions", criterions)("weights", weights);
  // What comes from a file may have fewer weights than criterions.
  if (!weights) weights = Storage(kDouble, 0);
  for (auto i = weights.size(); i < static_cast<int64_t>(criterions.size()); ++i) {
    weights.resize(i + 1);
    setElementAt(*weights.impl(), i, 1);
  }
}

ParallelCriterion::ParallelCriterion(bool isTargetRepeated) {
  gradInput = Activity::list({});
  if (isTargetRepeated) repeatTarget = true;
}

void ParallelCriterion::add(CriterionPtr criterion, double weight) {
  checkCriterion("nn.ParallelCriterion", criterion);
  criterions.push_back(std::move(criterion));
  weights.makeTable().emplace_back(weight);
}

template <class Body>
void ParallelCriterion::each(const Activity& input, const Activity& target, const Body& body) const {
  const char* op = "nn.ParallelCriterion";
  const std::vector<Activity>&inputs = input.table(op, arg(1, "input")),
        &factors = weights.table(op, arg(1, "weights"));
  const bool isRepeated = repeatTarget.value_or(false);
  for (size_t i = 0; i < criterions.size(); ++i) {
    const auto fits = [&](const std::vector<Activity>& entries) { return i < entries.size(); };
    if (!fits(inputs))
      fail(op, arg(1, "input"), {"one entry for each criterion expected, got ", describe(input)});
    if (!isRepeated && !fits(target.table(op, arg(2, "target"))))
      fail(op, arg(2, "target"), {"one entry for each criterion expected, got ", describe(target)});
    const double weight = fits(factors) ? factors[i].number(op, arg(1, "weights")) : 1;
    body(i, weight, inputs[i], isRepeated ? target : target.table(op, arg(2, "target"))[i]);
  }
}

double ParallelCriterion::updateOutput(const Activity& input, const Activity& target) {
  output = 0;
  each(input, target, [&](size_t i, double weight, const Activity& x, const Activity& t) {
    output += weight * criterions[i]->updateOutput(x, t);
  });
  return output;
}

Activity ParallelCriterion::updateGradInput(const Activity& input, const Activity& target) {
  gradInput = zerosLike(input, gradInput);
  each(input, target, [&](size_t i, double weight, const Activity& x, const Activity& t) {
    accumulate(gradInput.table()->list()[i], weight, criterions[i]->updateGradInput(x, t));
  });
  return gradInput;
}

void ParallelCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("criterions", criterions)("weights", weights)("repeatTarget", repeatTarget);
}

}  // namespace cresset::nn
