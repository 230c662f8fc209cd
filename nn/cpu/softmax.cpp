// CPU kernels of the softmax family: one thread for a group of lines, exp in vectors.
#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/softmax/kernels.h"
#include "tensor/cpu/lanes.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/vector_math.h"

namespace cresset::nn {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// An element costs about as much as twenty additions.
constexpr int64_t kLineGrain = kGrain / 16;

/// Calls take(i, count, exp(x[i] - shift)) for the vectors of x.
template <class T, class Take> void expShifted(const T* x, T shift, int64_t n, const Take& take) {
  const hn::ScalableTag<T> d;
  const auto s = hn::Set(d, shift);
  eachVector(d, n, [&](int64_t i, int64_t count) {
    take(i, count, vector::exp(d, hn::Sub(loadLanes(d, x + i, count, s), s)));
  });
}

/// The sum of exp(x[i] - shift); the terms are stored in y unless it is null.
template <class T> T expSum(T* y, const T* x, T shift, int64_t n) {
  const hn::ScalableTag<T> d;
  auto sum = hn::Zero(d);
  expShifted(x, shift, n, [&](int64_t i, int64_t count, auto e) {
    sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(count)), e));
    if (y) storeLanes(d, y + i, count, e);
  });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

/// y[j] = exp(x[j] - shift[j]).
template <class T> void expDifference(T* y, const T* x, const T* shift, int64_t n) {
  const hn::ScalableTag<T> d;
  eachVector(d, n, [&](int64_t j, int64_t count) {
    const auto difference =
        hn::Sub(loadLanes(d, x + j, count, hn::Zero(d)), loadLanes(d, shift + j, count, hn::Zero(d)));
    storeLanes(d, y + j, count, vector::exp(d, difference));
  });
}

/// A NaN may be passed over: it shows in the sum of the exponentials.
template <class T> T largest(const T* x, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto best = hn::Set(d, x[0]);
  int64_t i = 0;
  if (n >= 4 * lanes) {  // four at a time: each maximum waits for the one before
    auto b = best, c = best, e = best;
    for (; i + 4 * lanes <= n; i += 4 * lanes) {
      best = hn::Max(best, hn::LoadU(d, x + i));
      b = hn::Max(b, hn::LoadU(d, x + i + lanes));
      c = hn::Max(c, hn::LoadU(d, x + i + 2 * lanes));
      e = hn::Max(e, hn::LoadU(d, x + i + 3 * lanes));
    }
    best = hn::Max(hn::Max(best, b), hn::Max(c, e));
  }
  eachVector(d, n - i,
             [&](int64_t j, int64_t count) { best = hn::Max(best, loadLanes(d, x + i + j, count, best)); });
  return hn::GetLane(hn::MaxOfLanes(d, best));
}

template <class T> T total(const T* x, int64_t n) {
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

/// Lines that are contiguous rows.
template <class T, bool isLog> void forwardRows(T* y, const T* x, int64_t n, int64_t begin, int64_t end) {
  const hn::ScalableTag<T> d;
  for (int64_t row = begin; row < end; ++row) {
    const T* from = x + row * n;
    T* to = y + row * n;
    const T shift = largest(from, n);
    const T sum = expSum(isLog ? nullptr : to, from, shift, n);
    if (isLog) {
      const auto subtract = hn::Set(d, shift + std::log(sum));
      eachVector(d, n, [&](int64_t i, int64_t count) {
        storeLanes(d, to + i, count, hn::Sub(loadLanes(d, from + i, count, subtract), subtract));
      });
    } else {
      const auto factor = hn::Set(d, T(1) / sum);
      eachVector(d, n, [&](int64_t i, int64_t count) {
        storeLanes(d, to + i, count, hn::Mul(loadLanes(d, to + i, count, factor), factor));
      });
    }
  }
}

/// Lines whose elements are `inner` apart: `width` neighbouring lines from x on go together.
template <class T, bool isLog>
void forwardColumns(T* y, const T* x, int64_t n, int64_t inner, int64_t width) {
  std::vector<T> shift(x, x + width), sum(static_cast<size_t>(width), T(0)),
      scratch(static_cast<size_t>(width));
  for (int64_t k = 1; k < n; ++k)
    for (int64_t j = 0; j < width; ++j)
      shift[static_cast<size_t>(j)] = std::max(shift[static_cast<size_t>(j)], x[k * inner + j]);
  for (int64_t k = 0; k < n; ++k) {
    T* e = isLog ? scratch.data() : y + k * inner;
    expDifference(e, x + k * inner, shift.data(), width);
    for (int64_t j = 0; j < width; ++j) sum[static_cast<size_t>(j)] += e[j];
  }
  for (int64_t j = 0; j < width; ++j) {
    T& s = sum[static_cast<size_t>(j)];
    s = isLog ? shift[static_cast<size_t>(j)] + std::log(s) : T(1) / s;
  }
  for (int64_t k = 0; k < n; ++k) {
    T* to = y + k * inner;
    const T* from = x + k * inner;
    for (int64_t j = 0; j < width; ++j)
      to[j] = isLog ? from[j] - sum[static_cast<size_t>(j)] : to[j] * sum[static_cast<size_t>(j)];
  }
}

/// Softmax: gx = y (gy - sum y gy). Log: gx = gy - exp(y) sum gy.
template <class T, bool isLog>
void gradientRows(T* gx, const T* gy, const T* y, int64_t n, int64_t begin, int64_t end) {
  const hn::ScalableTag<T> d;
  for (int64_t row = begin; row < end; ++row) {
    const T *g = gy + row * n, *out = y + row * n;
    T* to = gx + row * n;
    T sum = 0;
    if (isLog) {
      sum = total(g, n);
      const auto factor = hn::Set(d, -sum);
      expShifted(out, T(0), n, [&](int64_t i, int64_t count, auto e) {
        storeLanes(d, to + i, count, hn::MulAdd(e, factor, loadLanes(d, g + i, count, factor)));
      });
    } else {
#pragma omp simd reduction(+ : sum)
      for (int64_t i = 0; i < n; ++i) sum += g[i] * out[i];
      for (int64_t i = 0; i < n; ++i) to[i] = out[i] * (g[i] - sum);
    }
  }
}

template <class T, bool isLog>
void gradientColumns(T* gx, const T* gy, const T* y, int64_t n, int64_t inner, int64_t width) {
  std::vector<T> sum(static_cast<size_t>(width), T(0)), scratch(static_cast<size_t>(width));
  for (int64_t k = 0; k < n; ++k)
    for (int64_t j = 0; j < width; ++j)
      sum[static_cast<size_t>(j)] += isLog ? gy[k * inner + j] : gy[k * inner + j] * y[k * inner + j];
  for (int64_t k = 0; k < n; ++k) {
    if (isLog) expSum(scratch.data(), y + k * inner, T(0), width);
    for (int64_t j = 0; j < width; ++j) {
      const int64_t i = k * inner + j;
      gx[i] = isLog ? gy[i] - scratch[static_cast<size_t>(j)] * sum[static_cast<size_t>(j)]
                    : y[i] * (gy[i] - sum[static_cast<size_t>(j)]);
    }
  }
}

/// Calls rows(begin, end), or columns(offset, width) for runs of neighbouring lines, on several threads.
template <class Rows, class Columns> void eachLine(const Split& s, const Rows& rows, const Columns& columns) {
  const int64_t grain = std::max<int64_t>(1, kLineGrain / s.n);
  if (s.inner == 1) return parallelFor(s.outer, grain, rows);
  // Wide enough for vectors, narrow enough that a run stays in the first cache for all passes.
  const int64_t kWidth = 256;
  const int64_t runs = (s.inner + kWidth - 1) / kWidth;
  parallelFor(s.outer * runs, std::max<int64_t>(1, grain / kWidth), [&](int64_t begin, int64_t end) {
    for (int64_t run = begin; run < end; ++run) {
      const int64_t first = run % runs * kWidth;
      columns(run / runs * s.n * s.inner + first, std::min(kWidth, s.inner - first));
    }
  });
}

template <bool isLog> void forwardKernel(const Tensor& y, const Tensor& x, Split s) {
  visit<Floating>("softmax", x.type(), [&]<class T>() {
    T* to = y.data<T>();
    const T* from = x.data<T>();
    eachLine(
        s, [&](int64_t begin, int64_t end) { forwardRows<T, isLog>(to, from, s.n, begin, end); },
        [&](int64_t at, int64_t width) {
          forwardColumns<T, isLog>(to + at, from + at, s.n, s.inner, width);
        });
  });
}

template <bool isLog> void gradientKernel(const Tensor& gx, const Tensor& gy, const Tensor& y, Split s) {
  visit<Floating>("softmax", y.type(), [&]<class T>() {
    T* to = gx.data<T>();
    const T *g = gy.data<T>(), *out = y.data<T>();
    eachLine(
        s, [&](int64_t begin, int64_t end) { gradientRows<T, isLog>(to, g, out, s.n, begin, end); },
        [&](int64_t at, int64_t width) {
          gradientColumns<T, isLog>(to + at, g + at, out + at, s.n, s.inner, width);
        });
  });
}

}  // namespace

void fillSoftmax() {
  softMaxSlot.cpu = forwardKernel<false>;
  logSoftMaxSlot.cpu = forwardKernel<true>;
  softMaxGradientSlot.cpu = gradientKernel<false>;
  logSoftMaxGradientSlot.cpu = gradientKernel<true>;
}

}  // namespace cresset::nn
