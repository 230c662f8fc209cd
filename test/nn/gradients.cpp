// Analytic gradients against numeric ones, in double, for every row of golden.txt and cases.txt; the same
// results for inputs that are not contiguous; and nearly the same in float.
#include <catch2/catch.hpp>
#include <cmath>

#include "nn/convert.h"
#include "test/nn/cases.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

constexpr double kStep = 1e-6;
constexpr double kTolerance = 2e-6;

double weightedSum(const Activity& output, const Activity& weights) {
  double sum = 0;
  std::vector<Tensor> w;
  eachTensor(weights, [&](const Tensor& x) { w.push_back(x); });
  size_t i = 0;
  eachTensor(output, [&](const Tensor& y) {
    for (int64_t k = 0; k < y.nElement(); ++k) sum += element(y, k) * element(w[i], k);
    ++i;
  });
  return sum;
}

/// Compares `gradient` with the slope of `loss` along each element of x.
template <class Loss> void checkSlopes(const Tensor& x, const Tensor& gradient, const Loss& loss) {
  REQUIRE(gradient);
  REQUIRE(gradient.nElement() == x.nElement());
  for (int64_t k = 0; k < x.nElement(); ++k) {
    const double value = element(x, k);
    setElement(x, k, value + kStep);
    const double above = loss();
    setElement(x, k, value - kStep);
    const double below = loss();
    setElement(x, k, value);
    const double slope = (above - below) / (2 * kStep);
    if (std::fabs(element(gradient, k) - slope) > kTolerance * std::max(1.0, std::fabs(slope))) {
      INFO("element " << k + 1);
      CHECK(element(gradient, k) == Approx(slope));
      return;
    }
  }
}

Activity clone(const Activity& activity) {
  return mapTensors(activity, [](const Tensor& x) { return x.clone(); });
}

bool isDifferentiable(const Tensor& x) { return x.dtype() == DType::Double; }

/// The same elements with other strides: every second one of a larger tensor, dimensions reversed.
Tensor scattered(const Tensor& x) {
  Shape sizes;
  for (int64_t d = x.dim() - 1; d >= 0; --d) sizes.push(x.size(d));
  sizes.push(2);
  const Tensor larger(x.type(), sizes);
  larger.fill(7);
  Shape order;
  for (int64_t d = x.dim() - 1; d >= 0; --d) order.push(d);
  return larger.select(x.dim(), 0).permute(order).copy(x);
}

void checkEqual(const Activity& actual, const Activity& expected, double tolerance) {
  std::vector<Tensor> a, e;
  eachTensor(actual, [&](const Tensor& x) { a.push_back(x); });
  eachTensor(expected, [&](const Tensor& x) { e.push_back(x); });
  REQUIRE(a.size() == e.size());
  for (size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].isSameSizeAs(e[i]));
    for (int64_t k = 0; k < a[i].nElement(); ++k)
      if (!(std::fabs(element(a[i], k) - element(e[i], k)) <=
            tolerance * std::max(1.0, std::fabs(element(e[i], k))))) {
        INFO("tensor " << i + 1 << ", element " << k + 1);
        CHECK(element(a[i], k) == Approx(element(e[i], k)));
        return;
      }
  }
}

// A view cannot be had of scattered memory: Torch7 raises too.
bool needsContiguous(const std::string& constructor) { return constructor.rfind("nn.View", 0) == 0; }

/// Results for an input in another layout or type than the one of `expected...`.
void checkSameResults(const Case& c, const Activity& input, const Activity& weights, const Activity& output,
                      const Activity& gradInput, double tolerance, bool isFloat) {
  const ModulePtr module = makeModule(c.constructor + (isFloat ? ":float()" : ""));
  const Parameters p = module->parameters();
  for (size_t j = 0; j < p.weights.size(); ++j)
    for (int64_t k = 0; k < p.weights[j].nElement(); ++k)
      setElement(p.weights[j], k, 0.4 * std::sin(static_cast<double>(k) + static_cast<double>(j)));
  checkEqual(module->updateOutput(input), output, tolerance);
  checkEqual(module->updateGradInput(input, weights), gradInput, tolerance);
}

/// False for gradients that are not the slope on purpose: the padding row learns nothing, and rare words
/// learn faster.
bool isSlope(const std::string& constructor) {
  return constructor != "nn.LookupTable(5,3,2)" && constructor.find("scaleGradByFreq") == std::string::npos;
}

void checkModule(const Case& c) {
  const ModulePtr module = makeModule(c.constructor);
  const Parameters p = module->parameters();
  for (size_t j = 0; j < p.weights.size(); ++j)
    for (int64_t k = 0; k < p.weights[j].nElement(); ++k)
      setElement(p.weights[j], k, 0.4 * std::sin(static_cast<double>(k) + static_cast<double>(j)));
  const Activity input = makeActivity(c.input);
  // A module that works in place overwrites what it is given.
  const Activity output = clone(module->updateOutput(clone(input)));
  const Activity weights = waveLike(output);
  const auto loss = [&] { return weightedSum(module->updateOutput(clone(input)), weights); };

  module->zeroGradParameters();
  const Activity given = clone(input);
  module->updateOutput(given);
  const Activity gradInput = clone(module->backward(given, clone(weights)));
  std::vector<Tensor> gradients;
  for (const Tensor& gradient : module->parameters().gradients) gradients.push_back(gradient.clone());

  std::vector<Tensor> analytic;
  eachTensor(gradInput, [&](const Tensor& gx) { analytic.push_back(gx); });
  size_t i = 0;
  eachTensor(input, [&](const Tensor& x) {
    if (isDifferentiable(x)) checkSlopes(x, analytic.at(i), loss);
    ++i;
  });
  for (size_t j = 0; j < p.weights.size() && isSlope(c.constructor); ++j)
    checkSlopes(p.weights[j], gradients[j], loss);

  if (!needsContiguous(c.constructor)) {
    INFO("input and gradOutput not contiguous");
    checkSameResults(c, mapTensors(input, scattered), mapTensors(weights, scattered), output, gradInput,
                     1e-12, false);
  }
  INFO("in float");
  const auto toFloat = [](const Tensor& x) { return x.dtype() == DType::Double ? x.to(kFloat) : x; };
  checkSameResults(c, mapTensors(input, toFloat), mapTensors(weights, toFloat), output, gradInput, 2e-4,
                   true);
}

void checkCriterion(const Case& c) {
  const CriterionPtr criterion = makeCriterion(c.constructor);
  const Activity input = makeActivity(c.input), target = makeActivity(c.target);
  const auto loss = [&] { return criterion->updateOutput(input, target); };

  const double value = loss();
  const Activity gradInput = clone(criterion->updateGradInput(input, target));

  std::vector<Tensor> analytic;
  eachTensor(gradInput, [&](const Tensor& gx) { analytic.push_back(gx); });
  size_t i = 0;
  eachTensor(input, [&](const Tensor& x) { checkSlopes(x, analytic.at(i++), loss); });

  INFO("input and target not contiguous");
  const Activity spread = mapTensors(input, scattered), spreadTarget = mapTensors(target, scattered);
  CHECK(criterion->updateOutput(spread, spreadTarget) == Approx(value));
  checkEqual(criterion->updateGradInput(spread, spreadTarget), gradInput, 1e-12);

  INFO("in float");
  const auto toFloat = [](const Tensor& x) { return x.dtype() == DType::Double ? x.to(kFloat) : x; };
  criterion->type(kFloat);
  const Activity x = mapTensors(input, toFloat), t = mapTensors(target, toFloat);
  CHECK(criterion->updateOutput(x, t) == Approx(value).epsilon(1e-4));
  checkEqual(criterion->updateGradInput(x, t), gradInput, 2e-4);
}

TEST_CASE("gradients_are_the_slopes_of_the_output") {
  for (const char* file : {"golden.txt", "cases.txt"})
    for (const Case& c : casesOf(file))
      DYNAMIC_SECTION(c.constructor << " of " << c.input << (c.target.empty() ? "" : " for ") << c.target) {
        if (isCriterion(c.constructor)) {
          checkCriterion(c);
        } else {
          checkModule(c);
        }
      }
}

}  // namespace
}  // namespace cresset::nn
