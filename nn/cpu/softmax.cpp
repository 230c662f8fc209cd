// CPU kernels of the softmax family: one thread for a group of lines, exp in Highway's vectors.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/softmax/kernels.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// An element costs about as much as twenty additions.
constexpr int64_t kLineGrain = kGrain / 16;

/// y[i] = exp(x[i] - shift[i * step]) for n elements; step is 0 or 1.
template <class T> void expShifted(T* y, const T* x, const T* shift, int64_t step, int64_t n) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto apply = [&](auto v, auto s) { return hn::Exp(d, hn::Sub(v, s)); };
  const auto fixed = hn::Set(d, shift[0]);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(apply(hn::LoadU(d, x + i), step ? hn::LoadU(d, shift + i) : fixed), d, y + i);
  if (i == n) return;
  HWY_ALIGN T tail[HWY_MAX_BYTES / sizeof(T)] = {};
  for (int64_t j = i; j < n; ++j) tail[j - i] = x[j] - shift[j * step];
  hn::Store(hn::Exp(d, hn::Load(d, tail)), d, tail);
  std::copy(tail, tail + (n - i), y + i);
}

template <class T> T largest(const T* x, int64_t n) {
  T best = x[0];
#pragma omp simd reduction(max : best)
  for (int64_t i = 1; i < n; ++i) best = std::max(best, x[i]);
  return best;
}

template <class T> T total(const T* x, int64_t n) {
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

/// Lines that are contiguous rows.
template <class T, bool isLog> void forwardRows(T* y, const T* x, int64_t n, int64_t begin, int64_t end) {
  std::vector<T> scratch(isLog ? static_cast<size_t>(n) : 0);
  for (int64_t row = begin; row < end; ++row) {
    const T* from = x + row * n;
    T* to = y + row * n;
    const T shift = largest(from, n);
    T* e = isLog ? scratch.data() : to;
    expShifted(e, from, &shift, 0, n);
    const T sum = total(e, n);
    if (isLog) {
      const T subtract = shift + std::log(sum);
      for (int64_t i = 0; i < n; ++i) to[i] = from[i] - subtract;
    } else {
      const T factor = T(1) / sum;
      for (int64_t i = 0; i < n; ++i) to[i] = e[i] * factor;
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
    expShifted(e, x + k * inner, shift.data(), 1, width);
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
  std::vector<T> scratch(isLog ? static_cast<size_t>(n) : 0);
  const T zero = 0;
  for (int64_t row = begin; row < end; ++row) {
    const T *g = gy + row * n, *out = y + row * n;
    T* to = gx + row * n;
    T sum = 0;
    if (isLog) {
      sum = total(g, n);
      expShifted(scratch.data(), out, &zero, 0, n);
      for (int64_t i = 0; i < n; ++i) to[i] = g[i] - scratch[static_cast<size_t>(i)] * sum;
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
  const T zero = 0;
  for (int64_t k = 0; k < n; ++k)
    for (int64_t j = 0; j < width; ++j)
      sum[static_cast<size_t>(j)] += isLog ? gy[k * inner + j] : gy[k * inner + j] * y[k * inner + j];
  for (int64_t k = 0; k < n; ++k) {
    if (isLog) expShifted(scratch.data(), y + k * inner, &zero, 0, width);
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
