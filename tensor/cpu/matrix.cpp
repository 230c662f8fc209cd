// CPU kernels of tril, triu, match and the histograms.
#include "tensor/ops/matrix.h"

#include <algorithm>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/width.h"
#include "tensor/ops/histogram.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset {
namespace {

void triangleKernel(const Tensor& result, const Tensor& x, int64_t k, Keep keep) {
  visitWidth(x, [&]<class W>() {
    const int64_t columns = x.size(1), grain = std::max<int64_t>(1, kGrain / columns);
    parallelFor(x.size(0), grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        W* r = static_cast<W*>(result.data()) + row * result.stride(0);
        const W* p = static_cast<const W*>(x.data()) + row * x.stride(0);
        // The lower part ends behind column row + k, the upper one begins there.
        const int64_t border = std::clamp<int64_t>(row + k + (keep == Keep::Lower), 0, columns);
        const int64_t first = keep == Keep::Lower ? 0 : border, last = keep == Keep::Lower ? border : columns;
        for (int64_t c = 0; c < columns; ++c)
          r[c * result.stride(1)] = c >= first && c < last ? p[c * x.stride(1)] : W(0);
      }
    });
  });
}

template <class T> T squaredDistance(const T* a, const T* b, int64_t n) {
  if constexpr (std::is_floating_point_v<T>) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  } else {
    uint64_t sum = 0;  // wraps
    for (int64_t i = 0; i < n; ++i) {
      const uint64_t d = static_cast<uint64_t>(a[i]) - static_cast<uint64_t>(b[i]);
      sum += d * d;
    }
    return static_cast<T>(sum);
  }
}

void matchKernel(const Tensor& result, const Tensor& x, const Tensor& y, double gain) {
  visit<Real>("match", x.type(), [&]<class T>() {
    const int64_t m = y.size(0), d = x.size(1);
    const T k = fromDouble<T>(gain);
    parallelFor(x.size(0), std::max<int64_t>(1, kGrain / (m * d)), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        for (int64_t j = 0; j < m; ++j)
          result.data<T>()[i * m + j] =
              functor::times{}(k, squaredDistance(x.data<T>() + i * d, y.data<T>() + j * d, d));
    });
  });
}

void histogramKernel(const Tensor& result, const Tensor& x, double min, double max) {
  visit<Floating>("histc", x.type(), [&]<class T>() {
    const int64_t bins = result.size(1), n = x.size(1);
    // In the element type: a value that prints as a border is meant to lie on it.
    const T low = static_cast<T>(min), high = static_cast<T>(max), width = high - low;
    parallelFor(x.size(0), std::max<int64_t>(1, kGrain / n), [&](int64_t begin, int64_t end) {
      std::vector<int64_t> counts(static_cast<size_t>(bins));
      for (int64_t row = begin; row < end; ++row) {
        std::fill(counts.begin(), counts.end(), 0);
        const T* p = x.data<T>() + row * n;
        for (int64_t i = 0; i < n; ++i) {
          if (!(p[i] >= low && p[i] <= high)) continue;
          const auto bin = static_cast<int64_t>((p[i] - low) / width * static_cast<T>(bins));
          ++counts[static_cast<size_t>(std::min(bin, bins - 1))];
        }
        std::transform(counts.begin(), counts.end(), result.data<T>() + row * bins,
                       [](int64_t count) { return static_cast<T>(count); });
      }
    });
  });
}

}  // namespace

void fillMatrix() {
  triangleSlot.cpu = triangleKernel;
  matchSlot.cpu = matchKernel;
  histogramSlot.cpu = histogramKernel;
}

}  // namespace cresset
