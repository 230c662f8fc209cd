// Outputs and gradients against values measured on Torch7; golden.txt says how they were made.
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "test/nn/cases.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

constexpr double kTolerance = 2e-8;  // golden.txt has nine digits

/// Checks an activity against text such as `[2x3] 0.1,0.2`, `{... ; ...}` or `num 0.3`.
class Expectation {
 public:
  explicit Expectation(const std::string& text) : stream_(text) {}
  void check(const Activity& actual) {
    std::string word;
    stream_ >> word;
    if (word[0] == '{') {
      REQUIRE(actual.isTable());
      // An opening brace sticks to the first entry.
      putBack(word.substr(1));
      for (const Activity& entry : actual.table()->list()) {
        check(entry);
        skipSeparator();
      }
    } else if (word == "num") {
      double expected;
      stream_ >> expected;
      REQUIRE(actual.isNumber());
      CHECK(actual.number() == Approx(expected).margin(kTolerance).epsilon(kTolerance));
    } else {
      REQUIRE(actual.isTensor());
      checkTensor(word, actual.tensor());
    }
  }

 private:
  void putBack(const std::string& text) {
    std::string rest;
    std::getline(stream_, rest, '\0');
    stream_ = std::istringstream(text + rest);
  }
  void skipSeparator() {
    while (stream_ && (stream_.peek() == ' ' || stream_.peek() == ';' || stream_.peek() == '}'))
      stream_.get();
  }
  void checkTensor(const std::string& shape, const Tensor& x) {
    std::string sizes = "[";
    for (int64_t size : x.sizes()) sizes += (sizes.size() > 1 ? "x" : "") + std::to_string(size);
    CHECK(sizes + "]" == shape);
    double sum, weighted;
    char comma;
    stream_ >> sum >> comma >> weighted;
    double actualSum = 0, actualWeighted = 0;
    for (int64_t k = 0; k < x.nElement(); ++k) {
      actualSum += element(x, k);
      actualWeighted += element(x, k) * std::cos(static_cast<double>(k) + 1);
    }
    CHECK(actualSum == Approx(sum).margin(kTolerance).epsilon(kTolerance));
    CHECK(actualWeighted == Approx(weighted).margin(kTolerance).epsilon(kTolerance));
  }
  std::istringstream stream_;
};

void setParameters(Module& module) {
  const Parameters p = module.parameters();
  for (size_t j = 0; j < p.weights.size(); ++j)
    for (int64_t k = 0; k < p.weights[j].nElement(); ++k)
      setElement(p.weights[j], k, 0.3 * std::cos(0.7 * static_cast<double>(k) + static_cast<double>(j) + 1));
}

void checkModule(const Case& c) {
  const ModulePtr module = makeModule(c.constructor);
  setParameters(*module);
  const Activity input = makeActivity(c.input);

  const Activity output = module->updateOutput(input);
  Expectation(c.output).check(output);
  if (c.gradInput != "-") Expectation(c.gradInput).check(module->updateGradInput(input, waveLike(output)));

  if (c.gradients == "-") return;
  const Activity fresh = makeActivity(c.input);  // modules in place have overwritten the first one
  module->zeroGradParameters();
  const Activity again = module->updateOutput(fresh);
  module->backward(fresh, waveLike(again));
  std::vector<Activity> gradients;
  for (const Tensor& gradient : module->parameters().gradients) gradients.emplace_back(gradient);
  Expectation(c.gradients).check(Activity::list(gradients));
}

void checkCriterion(const Case& c) {
  const CriterionPtr criterion = makeCriterion(c.constructor);
  const Activity input = makeActivity(c.input), target = makeActivity(c.target);

  Expectation(c.output).check(criterion->updateOutput(input, target));
  Expectation(c.gradInput).check(criterion->updateGradInput(input, target));
}

TEST_CASE("modules_and_criterions_compute_what_torch7_computes") {
  for (const Case& c : casesOf("golden.txt")) {
    DYNAMIC_SECTION(c.constructor << " of " << c.input) {
      if (isCriterion(c.constructor)) {
        checkCriterion(c);
      } else {
        checkModule(c);
      }
    }
  }
}

}  // namespace
}  // namespace cresset::nn
