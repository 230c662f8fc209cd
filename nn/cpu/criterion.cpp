// CPU kernels of the criterions. Sums are cut into chunks of fixed size, whose partial results are joined in
// order: a loss does not depend on the number of threads.
#include <algorithm>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/criterion/kernels.h"
#include "nn/criterion/loss_functors.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

constexpr int64_t kChunk = 8192;

/// The sum of term(i) for i in [0, n), in double.
template <class Term> double addUp(int64_t n, const Term& term) {
  const int64_t chunks = (n + kChunk - 1) / kChunk;
  std::vector<double> parts(static_cast<size_t>(chunks));
  parallelFor(chunks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      double sum = 0;
      const int64_t last = std::min(n, (c + 1) * kChunk);
#pragma omp simd reduction(+ : sum)
      for (int64_t i = c * kChunk; i < last; ++i) sum += static_cast<double>(term(i));
      parts[static_cast<size_t>(c)] = sum;
    }
  });
  double total = 0;
  for (double part : parts) total += part;
  return total;
}

/// Throws when an element is no probability. NaN passes, as it does in Torch7: it shows in the loss.
template <class T> void checkProbabilities(const T* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    if (x[i] < T(0) || x[i] > T(1))
      fail(
          "nn.BCECriterion", arg(1, "input"),
          {"input value should be between 0~1, but got ", std::to_string(x[i]), " in element ", text(i + 1)});
}

template <class F>
double lossKernel(const Tensor& input, const Tensor& target, const Tensor& weights, double p) {
  return visit<Floating>("criterion", input.type(), [&]<class T>() {
    const T *x = input.data<T>(), *t = target.data<T>(), *w = weights ? weights.data<T>() : nullptr;
    const int64_t n = input.nElement();
    if constexpr (std::is_same_v<F, losses::crossEntropy>) checkProbabilities(x, n);
    const T constant = static_cast<T>(p);
    if (w) return addUp(n, [=](int64_t i) { return F::loss(x[i], t[i], w[i]); });
    return addUp(n, [=](int64_t i) { return F::loss(x[i], t[i], constant); });
  });
}

template <class F>
void slopeKernel(const Tensor& gradient, const Tensor& input, const Tensor& target, const Tensor& weights,
                 double p, double scale) {
  visit<Floating>("criterion", input.type(), [&]<class T>() {
    T* gx = gradient.data<T>();
    const T *x = input.data<T>(), *t = target.data<T>(), *w = weights ? weights.data<T>() : nullptr;
    const T constant = static_cast<T>(p), s = static_cast<T>(scale);
    parallelFor(input.nElement(), kGrain / 2, [=](int64_t begin, int64_t end) {
      if (w) {
        for (int64_t i = begin; i < end; ++i) gx[i] = s * F::slope(x[i], t[i], w[i]);
      } else {
#pragma GCC ivdep
        for (int64_t i = begin; i < end; ++i) gx[i] = s * F::slope(x[i], t[i], constant);
      }
    });
  });
}

/// Calls body(element of x, label from 0, position) for each target that is not ignored.
template <class Body> void eachLabel(const Tensor& x, const ClassLoss& c, const Body& body) {
  const int64_t classes = x.size(1), plane = c.target.nElement() / x.size(0);
  const int64_t* labels = c.target.data<int64_t>();
  for (int64_t i = 0, n = c.target.nElement(); i < n; ++i) {
    if (labels[i] == c.ignoreIndex) continue;
    const int64_t label = labels[i] - 1;
    if (label < 0 || label >= classes)
      fail("nn.ClassNLLCriterion", arg(2, "target"),
           {"Assertion `cur_target >= 0 && cur_target < n_classes' failed.: label ", text(labels[i]),
            " of sample ", text(i + 1), ", expected 1 to ", text(classes)});
    body((i / plane * classes + label) * plane + i % plane, label);
  }
}

ClassLossResult classLossKernel(const Tensor& input, const ClassLoss& c) {
  return visit<Floating>("nn.ClassNLLCriterion", input.type(), [&]<class T>() {
    const T *x = input.data<T>(), *w = c.weights ? c.weights.data<T>() : nullptr;
    ClassLossResult result{0, 0};
    eachLabel(input, c, [&](int64_t at, int64_t label) {
      const double weight = w ? static_cast<double>(w[label]) : 1;
      result.loss -= weight * x[at];
      result.totalWeight += weight;
    });
    if (c.sizeAverage && result.totalWeight != 0) result.loss /= result.totalWeight;
    return result;
  });
}

void classSlopeKernel(const Tensor& gradient, const ClassLoss& c, double totalWeight) {
  visit<Floating>("nn.ClassNLLCriterion", gradient.type(), [&]<class T>() {
    T* gx = gradient.data<T>();
    const T* w = c.weights ? c.weights.data<T>() : nullptr;
    if (c.sizeAverage && !(totalWeight > 0)) return;
    const double scale = c.sizeAverage ? 1 / totalWeight : 1;
    eachLabel(gradient, c, [&](int64_t at, int64_t label) {
      gx[at] = static_cast<T>(-scale * (w ? static_cast<double>(w[label]) : 1));
    });
  });
}

/// Checks all labels first: what is thrown must leave nothing half done.
void checkLabels(const Tensor& x, const MultiMargin& m) {
  const int64_t* labels = m.target.data<int64_t>();
  for (int64_t b = 0; b < x.size(0); ++b)
    if (labels[b] < 1 || labels[b] > x.size(1))
      fail("nn.MultiMarginCriterion", arg(2, "target"),
           {"target out of range: label ", text(labels[b]), " of sample ", text(b + 1), ", expected 1 to ",
            text(x.size(1))});
}

double multiMarginKernel(const Tensor& input, const MultiMargin& m) {
  checkLabels(input, m);
  return visit<Floating>("nn.MultiMarginCriterion", input.type(), [&]<class T>() {
    const int64_t classes = input.size(1);
    const int64_t* labels = m.target.data<int64_t>();
    const T *data = input.data<T>(), *w = m.weights ? m.weights.data<T>() : nullptr;
    double total = 0;
    for (int64_t b = 0; b < input.size(0); ++b) {
      const T* x = data + b * classes;
      const int64_t t = labels[b] - 1;
      double sum = 0;
      for (int64_t j = 0; j < classes; ++j) {
        const double z = m.margin - x[t] + x[j];
        if (j != t && z > 0) sum += m.p == 1 ? z : z * z;
      }
      total += (w ? w[t] : T(1)) * sum / static_cast<double>(classes);
    }
    return total;
  });
}

void multiMarginSlopeKernel(const Tensor& gradient, const Tensor& input, const MultiMargin& m, double scale) {
  checkLabels(input, m);
  visit<Floating>("nn.MultiMarginCriterion", input.type(), [&]<class T>() {
    const int64_t classes = input.size(1);
    const int64_t* labels = m.target.data<int64_t>();
    const T* w = m.weights ? m.weights.data<T>() : nullptr;
    for (int64_t b = 0; b < input.size(0); ++b) {
      const T* x = input.data<T>() + b * classes;
      T* gx = gradient.data<T>() + b * classes;
      const int64_t t = labels[b] - 1;
      const double factor = scale * (w ? w[t] : T(1)) / static_cast<double>(classes);
      double sum = 0;
      for (int64_t j = 0; j < classes; ++j) {
        const double z = m.margin - x[t] + x[j];
        const double slope = j != t && z > 0 ? factor * (m.p == 1 ? 1 : 2 * z) : 0;
        sum += slope;
        gx[j] = static_cast<T>(slope);
      }
      gx[t] = static_cast<T>(-sum);
    }
  });
}

}  // namespace

void fillCriterion() {
#define LOSS(Class, functor)                           \
  functor##LossSlot.cpu = lossKernel<losses::functor>; \
  functor##SlopeSlot.cpu = slopeKernel<losses::functor>;
#include "nn/criterion/losses.def"
#undef LOSS
  classLossSlot.cpu = classLossKernel;
  classSlopeSlot.cpu = classSlopeKernel;
  multiMarginLossSlot.cpu = multiMarginKernel;
  multiMarginSlopeSlot.cpu = multiMarginSlopeKernel;
}

}  // namespace cresset::nn
