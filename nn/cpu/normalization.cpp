// CPU kernels of batch normalisation. A feature is a set of planes, one in each sample; with planes of one
// element, as in [batch x feature], neighbouring features are worked on together, so that rows are read in
// order.
#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/normalization/kernels.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

struct Extent {
  int64_t batch, features, plane;
  explicit Extent(const Tensor& x) : batch(x.size(0)), features(x.size(1)), plane(1) {
    for (int64_t d = 2; d < x.dim(); ++d) plane *= x.size(d);
  }
  double count() const { return static_cast<double>(batch * plane); }
};

/// Features that one thread takes at a time when planes have one element: a cache line's worth and more.
constexpr int64_t kGroup = 32;

/// Calls body(first, n) for groups of features, on several threads.
template <class Body> void eachGroup(const Extent& e, const Body& body) {
  const int64_t group = e.plane == 1 ? kGroup : 1;
  const int64_t groups = (e.features + group - 1) / group;
  parallelFor(groups, std::max<int64_t>(1, kGrain / 4 / (e.batch * e.plane * group)),
              [&](int64_t begin, int64_t end) {
                for (int64_t g = begin; g < end; ++g)
                  body(g * group, std::min(group, e.features - g * group));
              });
}

/// Elements that are added up in T before their sum is added to a double: few enough for a float to keep its
/// digits.
constexpr int64_t kRun = 1024;

// The functions below take `of`: of(j) is a function of an element's position for feature first + j, which
// holds that feature's numbers by value. Read through references, the compiler would load them again for each
// element.

/// Adds of(j)(i) over all elements of the features [first, first + n) into sums[j], in double: a float sum
/// over a batch of images loses the digits that the variance needs.
template <class T, class Term>
void addUp(const Extent& e, int64_t first, int64_t n, double* sums, const Term& of) {
  std::fill_n(sums, n, 0.0);
  for (int64_t b = 0; b < e.batch; ++b) {
    if (e.plane == 1) {
      const int64_t row = b * e.features + first;
      for (int64_t j = 0; j < n; ++j) sums[j] += of(j)(row + j);
      continue;
    }
    const int64_t from = (b * e.features + first) * e.plane;
    const auto term = of(0);
    double sum = 0;
    for (int64_t begin = 0; begin < e.plane; begin += kRun) {
      const int64_t end = std::min(begin + kRun, e.plane);
      T part = 0;
#pragma omp simd reduction(+ : part)
      for (int64_t i = begin; i < end; ++i) part += term(from + i);
      sum += part;
    }
    sums[0] += sum;
  }
}

/// Calls of(j)(i) for all elements of the features [first, first + n).
template <class Apply> void eachElement(const Extent& e, int64_t first, int64_t n, const Apply& of) {
  for (int64_t b = 0; b < e.batch; ++b) {
    if (e.plane == 1) {
      const int64_t row = b * e.features + first;
      for (int64_t j = 0; j < n; ++j) of(j)(row + j);
      continue;
    }
    const int64_t from = (b * e.features + first) * e.plane;
    const auto apply = of(0);
#pragma GCC ivdep
    for (int64_t i = 0; i < e.plane; ++i) apply(from + i);
  }
}

template <class T> const T* dataOf(const Tensor& x) { return x ? x.data<T>() : nullptr; }

template <class T> void forward(const Tensor& output, const Tensor& input, const BatchNorm& norm) {
  const Extent e(input);
  const T* x = input.data<T>();
  T* y = output.data<T>();
  const Tensor w = norm.weight ? norm.weight.contiguous() : Tensor(),
               b = norm.bias ? norm.bias.contiguous() : Tensor();
  const T *weight = dataOf<T>(w), *bias = dataOf<T>(b);
  // Scripts may have put views here.
  const Tensor meanCopy = norm.runningMean.contiguous(), varCopy = norm.runningVar.contiguous();
  T *runningMean = meanCopy.data<T>(), *runningVar = varCopy.data<T>();
  T *saveMean = norm.saveMean.data<T>(), *saveStd = norm.saveStd.data<T>();
  eachGroup(e, [&](int64_t first, int64_t n) {
    double mean[kGroup], squares[kGroup];
    T scale[kGroup], shift[kGroup], centre[kGroup];
    if (norm.train) {
      addUp<T>(e, first, n, mean, [x](int64_t) { return [x](int64_t i) { return x[i]; }; });
      for (int64_t j = 0; j < n; ++j) mean[j] /= e.count();
      for (int64_t j = 0; j < n; ++j) centre[j] = static_cast<T>(mean[j]);
      addUp<T>(e, first, n, squares,
               [&](int64_t j) { return [x, c = centre[j]](int64_t i) { return (x[i] - c) * (x[i] - c); }; });
    }
    for (int64_t j = 0; j < n; ++j) {
      const int64_t f = first + j;
      double inverse;
      if (norm.train) {
        inverse = 1 / std::sqrt(squares[j] / e.count() + norm.eps);
        saveMean[f] = static_cast<T>(mean[j]);
        saveStd[f] = static_cast<T>(inverse);
        runningMean[f] = static_cast<T>(norm.momentum * mean[j] + (1 - norm.momentum) * runningMean[f]);
        if (e.count() > 1)
          runningVar[f] = static_cast<T>(norm.momentum * squares[j] / (e.count() - 1) +
                                         (1 - norm.momentum) * runningVar[f]);
      } else {
        mean[j] = runningMean[f];
        inverse = 1 / std::sqrt(runningVar[f] + norm.eps);
      }
      scale[j] = static_cast<T>(inverse * (weight ? weight[f] : T(1)));
      shift[j] = bias ? bias[f] : T(0);
      centre[j] = static_cast<T>(mean[j]);
    }
    // The mean is subtracted first: folded into the shift, a large one would take the digits of the
    // difference.
    eachElement(e, first, n, [&](int64_t j) {
      return [x, y, c = centre[j], k = scale[j], s = shift[j]](int64_t i) { y[i] = (x[i] - c) * k + s; };
    });
  });
  if (norm.train && !meanCopy.is(norm.runningMean)) norm.runningMean.copy(meanCopy);
  if (norm.train && !varCopy.is(norm.runningVar)) norm.runningVar.copy(varCopy);
}

template <class T>
void gradient(const Tensor& gradInput, const Tensor& gradWeight, const Tensor& gradBias,
              const Tensor& gradOutput, const Tensor& input, const BatchNorm& norm, double scale) {
  const Extent e(input);
  const T *x = input.data<T>(), *gy = gradOutput.data<T>();
  T* gx = gradInput ? gradInput.data<T>() : nullptr;
  const Tensor w = norm.weight ? norm.weight.contiguous() : Tensor();
  const T* weight = dataOf<T>(w);
  const Tensor means = (norm.train ? norm.saveMean : norm.runningMean).contiguous(),
               spreads = (norm.train ? norm.saveStd : norm.runningVar).contiguous();
  const T *mean = means.data<T>(), *spread = spreads.data<T>();
  std::vector<double> sums(static_cast<size_t>(e.features)), products(static_cast<size_t>(e.features));
  eachGroup(e, [&](int64_t first, int64_t n) {
    double* sum = sums.data() + first;
    double* product = products.data() + first;  // of gy and x - mean
    addUp<T>(e, first, n, sum, [gy](int64_t) { return [gy](int64_t i) { return gy[i]; }; });
    addUp<T>(e, first, n, product, [&](int64_t j) {
      return [x, gy, c = mean[first + j]](int64_t i) { return (x[i] - c) * gy[i]; };
    });
    T factor[kGroup], slope[kGroup], average[kGroup];
    for (int64_t j = 0; j < n; ++j) {
      const int64_t f = first + j;
      const double inverse =
          norm.train ? static_cast<double>(spread[f]) : 1 / std::sqrt(spread[f] + norm.eps);
      factor[j] = static_cast<T>(inverse * (weight ? weight[f] : T(1)));
      // Outside training the statistics are constants.
      slope[j] = static_cast<T>(norm.train ? product[j] * inverse * inverse / e.count() : 0);
      average[j] = static_cast<T>(norm.train ? sum[j] / e.count() : 0);
      product[j] *= inverse;
    }
    if (!gx) return;
    eachElement(e, first, n, [&](int64_t j) {
      return [x, gy, gx, c = mean[first + j], a = average[j], s = slope[j], k = factor[j]](int64_t i) {
        gx[i] = (gy[i] - a - (x[i] - c) * s) * k;
      };
    });
  });
  const auto add = [&](const Tensor& target, const std::vector<double>& values) {
    if (!target) return;
    for (int64_t f = 0; f < e.features; ++f)
      target.data<T>()[f * target.stride(0)] += static_cast<T>(scale * values[static_cast<size_t>(f)]);
  };
  add(gradWeight, products);
  add(gradBias, sums);
}

void forwardKernel(const Tensor& y, const Tensor& x, const BatchNorm& norm) {
  visit<Floating>("nn.BatchNormalization", x.type(), [&]<class T>() { forward<T>(y, x, norm); });
}

void gradientKernel(const Tensor& gx, const Tensor& gradWeight, const Tensor& gradBias, const Tensor& gy,
                    const Tensor& x, const BatchNorm& norm, double scale) {
  visit<Floating>("nn.BatchNormalization", x.type(),
                  [&]<class T>() { gradient<T>(gx, gradWeight, gradBias, gy, x, norm, scale); });
}

}  // namespace

void fillNormalization() {
  batchNormSlot.cpu = forwardKernel;
  batchNormGradientSlot.cpu = gradientKernel;
}

}  // namespace cresset::nn
