#include "optim/ConfusionMatrix.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tensor/Error.h"
#include "tensor/ops/reduce.h"

namespace cresset::optim {
namespace {

constexpr const char* kName = "optim.ConfusionMatrix";

/// Classes [batch] of Long on the CPU, from classes or scores.
Tensor classesOf(const char* what, const Tensor& given, int64_t nclasses) {
  if (!given || given.dim() < 1 || given.dim() > 2)
    fail(kName, {what, " has invalid number of dimensions: expected [batch] or [batch x ", text(nclasses),
                 "], got ", given ? describe(given) : "nil"});
  if (given.dim() == 1) return given.to(kLong).contiguous();
  if (given.size(1) == 1) return given.select(1, 0).to(kLong).contiguous();
  if (given.size(1) != nclasses)
    fail(kName, {what, ": expected ", text(nclasses), " scores in each row, got ", describe(given)});
  const Tensor scores = given.to(given.dtype() == DType::Float ? kFloat : kDouble).contiguous();
  const Tensor best(scores.type()), classes(kLong);
  max(best, classes, scores, 1);
  return classes.view({-1});
}

void checkClass(const char* what, int64_t value, int64_t smallest, int64_t nclasses) {
  if (value < smallest || value > nclasses)
    fail(kName,
         {what, ": index out of range: expected a class from 1 to ", text(nclasses), ", got ", text(value)});
}

/// Sums of the rows and columns of a matrix, and its diagonal.
struct Sums {
  explicit Sums(const Tensor& mat) : rows(static_cast<size_t>(mat.size(0))), columns(rows), diagonal(rows) {
    const Tensor counts = mat.contiguous();
    const auto* count = counts.data<int64_t>();
    const size_t n = rows.size();
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j, ++count) {
        rows[i] += static_cast<double>(*count);
        columns[j] += static_cast<double>(*count);
        if (i == j) diagonal[i] = static_cast<double>(*count);
      }
    }
  }
  std::vector<double> rows, columns, diagonal;
};

/// The mean of the elements that are numbers.
double meanOfNumbers(const Tensor& x) {
  double sum = 0, n = 0;
  for (int64_t i = 0; i < x.nElement(); ++i) {
    const double value = x.at({i});
    if (std::isnan(value)) continue;
    sum += value;
    ++n;
  }
  return sum / n;
}

template <class... Values> std::string formatted(const char* format, Values... values) {
  char buffer[64];
  return {buffer, static_cast<size_t>(std::snprintf(buffer, sizeof buffer, format, values...))};
}

/// A rate in percent. 0 / 0 is a negative NaN on some processors, which would print as -nan.
double percent(double rate) { return std::isnan(rate) ? std::nan("") : rate * 100; }

}  // namespace

ConfusionMatrix::ConfusionMatrix(int64_t nclasses_, std::vector<std::string> names)
    : nclasses(nclasses_), classes(std::move(names)) {
  if (nclasses < 1)
    fail(kName, arg(1, "nclasses"), {"expected a number of classes > 0, got ", text(nclasses)});
  mat = Tensor(kLong, {nclasses, nclasses});
  valids = Tensor(kFloat, {nclasses});
  unionvalids = Tensor(kFloat, {nclasses});
  zero();
}

void ConfusionMatrix::add(int64_t prediction, int64_t target) {
  if (target < 1) return;
  checkClass("target", target, 1, nclasses);
  checkClass("prediction", prediction, 1, nclasses);
  ++mat.data<int64_t>()[(target - 1) * mat.stride(0) + (prediction - 1) * mat.stride(1)];
}

void ConfusionMatrix::batchAdd(const Tensor& predictions, const Tensor& targets) {
  const Tensor predicted = classesOf("predictions", predictions, nclasses);
  const Tensor wanted = classesOf("targets", targets, nclasses);
  const int64_t n = predicted.nElement();
  if (wanted.nElement() != n)
    fail(kName, {"predictions and targets: expected as many of both, got ", text(n), " and ",
                 text(wanted.nElement())});
  const auto* prediction = predicted.data<int64_t>();
  const auto* target = wanted.data<int64_t>();
  for (int64_t i = 0; i < n; ++i) {
    if (target[i] < 1) continue;
    checkClass("targets", target[i], 1, nclasses);
    checkClass("predictions", prediction[i], 1, nclasses);
  }
  for (int64_t i = 0; i < n; ++i) add(prediction[i], target[i]);
}

void ConfusionMatrix::zero() {
  mat.zero();
  valids.zero();
  unionvalids.zero();
  totalValid = averageValid = 0;  // averageUnionValid stays, as in Torch7
}

void ConfusionMatrix::updateValids() {
  const Sums sums(mat);
  double right = 0, all = 0;
  for (int64_t t = 0; t < nclasses; ++t) {
    const auto i = static_cast<size_t>(t);
    valids.setAt({t}, sums.diagonal[i] / sums.rows[i]);
    unionvalids.setAt({t}, sums.diagonal[i] / (sums.rows[i] + sums.columns[i] - sums.diagonal[i]));
    right += sums.diagonal[i];
    all += sums.rows[i];
  }
  totalValid = right / all;
  averageValid = meanOfNumbers(valids);
  averageUnionValid = meanOfNumbers(unionvalids);
}

std::string ConfusionMatrix::toString() const {
  const Tensor counts = mat.contiguous();
  const auto* count = counts.data<int64_t>();
  const auto largest = static_cast<double>(*std::max_element(count, count + nclasses * nclasses));
  const int digits = largest > 0 ? 1 + static_cast<int>(std::ceil(std::log10(largest))) : 1;
  const int width = std::max(8, digits);
  std::string result = "ConfusionMatrix:\n";
  for (int64_t t = 0; t < nclasses; ++t) {
    result += t == 0 ? "[[" : " [";
    for (int64_t p = 0; p < nclasses; ++p)
      result += formatted("%*lld", width, static_cast<long long>(*count++));
    result += t == nclasses - 1 ? "]]  " : "]   ";
    result += formatted("%2.3f%% ", percent(valids.at({t})));
    const auto i = static_cast<size_t>(t);
    if (!classes.empty()) result += "\t[class: " + (i < classes.size() ? classes[i] : "") + "]";
    result += "\n";
  }
  result += formatted(" + average row correct: %.14g%% \n", percent(averageValid));
  result += formatted(" + average rowUcol correct (VOC measure): %.14g%% \n", percent(averageUnionValid));
  return result + formatted(" + global correct: %.14g%%", percent(totalValid));
}

ConfusionMatrix::Rates ConfusionMatrix::farFrr() const {
  const Sums sums(mat);
  std::vector<double> frrs, fars;
  Rates rates{Tensor(kDouble, {nclasses}).fill(-1), Tensor(kDouble, {nclasses}).fill(-1), Tensor(kDouble),
              Tensor(kDouble)};
  for (int64_t t = 0; t < nclasses; ++t) {
    const auto i = static_cast<size_t>(t);
    if (sums.rows[i] == 0) continue;
    double shares = 0, others = 0;  // of the samples of other classes, those taken for t
    for (int64_t o = 0; o < nclasses; ++o) {
      const double samples = sums.rows[static_cast<size_t>(o)];
      if (o == t || samples == 0) continue;
      shares += mat.at({o, t}) / samples;
      ++others;
    }
    frrs.push_back(1 - sums.diagonal[i] / sums.rows[i]);
    fars.push_back(shares / others);
    rates.classFrrs.setAt({t}, frrs.back());
    rates.classFars.setAt({t}, fars.back());
  }
  if (frrs.empty()) return rates;
  const auto n = static_cast<int64_t>(frrs.size());
  std::copy(frrs.begin(), frrs.end(), rates.frrs.resize({n}).data<double>());
  std::copy(fars.begin(), fars.end(), rates.fars.resize({n}).data<double>());
  return rates;
}

}  // namespace cresset::optim
