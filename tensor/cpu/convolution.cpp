// CPU kernel of conv2, conv3, xcorr2 and xcorr3.
#include "tensor/ops/convolution.h"

#include <algorithm>
#include <type_traits>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/ops/blas.h"

namespace cresset {
namespace {

// From here on a matrix product pays for copying what the taps see: 3 to 8 times as fast with planes of 14 x
// 14 to 64 x 64.
constexpr int64_t kProductOutputs = 16, kProductTaps = 64;
constexpr int64_t kColumns = int64_t{1} << 18;  // elements of a part: 1 MB of float

/// The type in which integers wrap without overflow. Products of 8 bits fit an int, those of 16 do not.
template <class T>
using Wrapping = std::conditional_t<
    std::is_floating_point_v<T>, T,
    std::conditional_t<sizeof(T) == 1, uint8_t, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>>;

/// r[i] += w[0] x[i] + ... + w[taps - 1] x[i + taps - 1]: a few taps at once, since each pass over r costs a
/// load and a store.
template <int taps, class T> void addTaps(T* r, const T* x, const T* w, int64_t n) {
  using W = Wrapping<T>;
  W weight[taps];
  for (int t = 0; t < taps; ++t) weight[t] = static_cast<W>(w[t]);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    W sum = static_cast<W>(r[i]);
    for (int t = 0; t < taps; ++t) sum += weight[t] * static_cast<W>(x[i + t]);
    r[i] = static_cast<T>(sum);
  }
}

/// Adds a row of x under one row of a kernel of `width` elements.
template <class T> void addRow(T* r, const T* x, const T* w, int64_t width, int64_t n) {
  int64_t t = 0;
  for (; t + 4 <= width; t += 4) addTaps<4>(r, x + t, w + t, n);
  switch (width - t) {
    case 3:
      return addTaps<3>(r, x + t, w + t, n);
    case 2:
      return addTaps<2>(r, x + t, w + t, n);
    case 1:
      return addTaps<1>(r, x + t, w + t, n);
    default:
      return;
  }
}

template <class T> void correlate(const Tensor& result, const Tensor& x, const Tensor& k) {
  const int64_t planes = k.size(1), depth = k.size(2), height = k.size(3), width = k.size(4);
  const int64_t oD = result.size(1), oH = result.size(2), oW = result.size(3);
  const int64_t taps = planes * depth * height * width;
  parallelFor(result.size(0) * oD * oH, std::max<int64_t>(1, kGrain / (oW * taps)),
              [&](int64_t begin, int64_t end) {
                for (int64_t row = begin; row < end; ++row) {
                  const int64_t q = row / (oD * oH), z = row / oH % oD, y = row % oH;
                  T* r = result.data<T>() + row * oW;
                  const T* w = k.data<T>() + q * taps;
                  std::fill(r, r + oW, T(0));
                  for (int64_t p = 0; p < planes; ++p)
                    for (int64_t dz = 0; dz < depth; ++dz)
                      for (int64_t dy = 0; dy < height; ++dy, w += width)
                        addRow(r,
                               x.data<T>() + q * x.stride(0) + p * x.stride(1) + (z + dz) * x.stride(2) +
                                   (y + dy) * x.stride(3),
                               w, width, oW);
                }
              });
}

/// Many kernels on the same planes: each row of `columns` is what one tap sees of the output rows from
/// `first` on, and the sums are a matrix product. In parts that stay in the cache.
template <class T> void correlateByProduct(const Tensor& result, const Tensor& x, const Tensor& k) {
  const int64_t outputs = k.size(0), taps = k.nElement() / outputs;
  const int64_t oH = result.size(2), oW = result.size(3), rows = result.size(1) * oH;
  const int64_t part = std::clamp<int64_t>(kColumns / (taps * oW), 1, rows);
  const Tensor weight = k.view({outputs, taps}), sums = result.view({outputs, rows * oW});
  const Tensor columns(x.type(), {taps, part * oW});
  for (int64_t first = 0; first < rows; first += part) {
    const int64_t n = std::min(part, rows - first);
    parallelFor(taps, std::max<int64_t>(1, kGrain / (n * oW)), [&](int64_t begin, int64_t end) {
      for (int64_t tap = begin; tap < end; ++tap) {
        const int64_t dx = tap % k.size(4), dy = tap / k.size(4) % k.size(3);
        const int64_t dz = tap / (k.size(4) * k.size(3)) % k.size(2), p = tap / k.stride(1);
        const T* from = x.data<T>() + p * x.stride(1) + dz * x.stride(2) + dy * x.stride(3) + dx;
        T* to = columns.data<T>() + tap * columns.stride(0);
        for (int64_t row = first; row < first + n; ++row, to += oW)
          std::copy_n(from + row / oH * x.stride(2) + row % oH * x.stride(3), oW, to);
      }
    });
    gemmSlot.cpu(sums.narrow(1, first * oW, n * oW), 0, 1, weight, columns.narrow(1, 0, n * oW));
  }
}

void correlationKernel(const Tensor& result, const Tensor& x, const Tensor& k) {
  visit<Real>("conv2", x.type(), [&]<class T>() {
    if constexpr (std::is_floating_point_v<T>) {
      const int64_t outputs = k.size(0), taps = k.nElement() / outputs;
      if (outputs >= kProductOutputs && taps >= kProductTaps && x.stride(0) == 0)
        return correlateByProduct<T>(result, x, k);
    }
    correlate<T>(result, x, k);
  });
}

}  // namespace

void fillConvolution() { correlationSlot.cpu = correlationKernel; }

}  // namespace cresset
