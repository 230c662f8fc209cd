// CPU kernels of pooling. A row of outputs is computed one position of the window after the other: for each,
// the outputs whose window has that position inside the plane are a run, and the inner loop has no borders to
// look at.
#include <hwy/highway.h>

#include <algorithm>
#include <limits>
#include <type_traits>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/pooling/kernels.h"
#include "tensor/cpu/lanes.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

/// Outputs [first, last) of a row whose element at offset `shift` from the window's start lies in [0, size).
struct Run {
  int64_t first, last;
  Run(int64_t shift, int64_t step, int64_t size, int64_t outputs)
      : first(shift >= 0 ? 0 : (-shift + step - 1) / step),
        last(size - shift <= 0 ? 0 : std::min(outputs, (size - 1 - shift) / step + 1)) {}
};

/// Calls body with the step as a compile-time constant where that lets the compiler vectorise strided loads.
template <class Body> void withStep(int64_t step, const Body& body) {
  if (step == 1) return body(std::integral_constant<int64_t, 1>());
  if (step == 2) return body(std::integral_constant<int64_t, 2>());
  body(step);
}

/// Calls plane(i) for each plane, on several threads.
template <class Plane> void eachPlane(const Tensor& x, const Tensor& y, int64_t taps, const Plane& plane) {
  const int64_t work = std::max<int64_t>(1, y.size(2) * y.size(3) * taps + x.size(2) * x.size(3));
  parallelFor(x.size(0) * x.size(1), std::max<int64_t>(1, kGrain / work), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) plane(i);
  });
}

/// One horizontal position of the window for a vector of outputs of a row: which of their elements lie inside
/// the plane, and how they are read. Rows are short in deep layers: vectors of which lanes go unused are
/// several times as fast as a loop with a scalar tail.
template <class T> class Column {
 public:
  using D = hn::ScalableTag<T>;
  using Position = hwy::MakeSigned<T>;
  using DI = hn::Rebind<Position, D>;
  static constexpr int64_t kLanes = hn::MaxLanes(D());

  /// Outputs first to last - 1 of the vector's `count` have the position inside; some do. shift: where in a
  /// row of the plane the first output's element is, or would be. step: from there to the next one's.
  Column(int64_t first, int64_t last, int64_t count, int64_t shift, int64_t step)
      : shift_(shift),
        isCut_(first > 0 || last < count),
        inside_(range(first, last)),
        low_(range(2 * first, 2 * last - 1)),
        high_(range(2 * first - kLanes, 2 * last - 1 - kLanes)),
        offset_(hn::Mul(hn::Min(hn::Max(hn::Iota(DI(), 0), hn::Set(DI(), static_cast<Position>(first))),
                                hn::Set(DI(), static_cast<Position>(last - 1))),
                        hn::Set(DI(), static_cast<Position>(step)))) {}

  int64_t shift() const { return shift_; }

  /// The elements in a row of the plane; NaN for an output that has none, anything beyond the last output.
  /// Step is int64_t, or the constant where that is faster.
  template <class Step> hn::Vec<D> read(const T* row, Step) const {
    const auto elements = readInside<Step>(row + shift_);
    return isCut_ ? hn::IfThenElse(inside_, elements, hn::NaN(D())) : elements;
  }

 private:
  static hn::Mask<D> range(int64_t first, int64_t last) {
    const auto lanes = [](int64_t n) { return static_cast<size_t>(std::clamp<int64_t>(n, 0, kLanes)); };
    return hn::AndNot(hn::FirstN(D(), lanes(first)), hn::FirstN(D(), lanes(last)));
  }

  template <class Step> hn::Vec<D> readInside(const T* from) const {
    const D d;
    if constexpr (kMasksMemory<T> && std::is_same_v<Step, std::integral_constant<int64_t, 1>>) {
      return hn::MaskedLoad(inside_, d, from);
    } else if constexpr (kMasksMemory<T> && std::is_same_v<Step, std::integral_constant<int64_t, 2>>) {
      return hn::ConcatEven(d, hn::MaskedLoad(high_, d, from + kLanes), hn::MaskedLoad(low_, d, from));
    } else {
      return hn::GatherIndex(d, from, offset_);
    }
  }

  int64_t shift_;
  bool isCut_;
  hn::Mask<D> inside_;      // outputs
  hn::Mask<D> low_, high_;  // elements of every second place, which are those of the outputs inside
  hn::Vec<DI> offset_;
};

/// The columns of a row of outputs, by vectors, each in the order of the window.
template <class T> std::vector<std::vector<Column<T>>> columnsOf(const Window& w, int64_t iW, int64_t oW) {
  std::vector<std::vector<Column<T>>> vectors;
  for (int64_t o = 0; o < oW; o += Column<T>::kLanes) {
    const int64_t count = std::min(oW - o, Column<T>::kLanes);
    auto& columns = vectors.emplace_back();
    for (int64_t j = 0; j < w.kW; ++j) {
      const int64_t shift = j * w.dilationW - w.padW;
      const Run run(shift, w.dW, iW, oW);
      const int64_t first = std::max(run.first - o, int64_t{0}), last = std::min(run.last - o, count);
      if (first < last) columns.emplace_back(first, last, count, shift + o * w.dW, w.dW);
    }
  }
  return vectors;
}

/// Positions as indices: 64 bits each.
template <class DI> void storePositions(DI di, int64_t* to, int64_t count, hn::Vec<DI> at) {
  if constexpr (sizeof(hn::TFromD<DI>) == sizeof(int64_t)) {
    storeLanes(di, to, count, at);
  } else {
    const hn::Half<DI> half;
    const hn::Rebind<int64_t, hn::Half<DI>> wide;
    const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
    storeLanes(wide, to, std::min(count, lanes), hn::PromoteTo(wide, hn::LowerHalf(half, at)));
    if (count > lanes)
      storeLanes(wide, to + lanes, count - lanes, hn::PromoteTo(wide, hn::UpperHalf(half, at)));
  }
}

template <class T, class Step>
void maxPooling(const Tensor& output, const Tensor& indices, const Tensor& input, const Window& w,
                Step step) {
  using C = Column<T>;
  using Position = typename C::Position;
  const typename C::D d;
  const typename C::DI di;
  const int64_t iH = input.size(2), iW = input.size(3), oH = output.size(2), oW = output.size(3);
  const auto vectors = columnsOf<T>(w, iW, oW);
  const auto apart = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<Position>(w.dW)));
  eachPlane(input, output, w.kH * w.kW, [&](int64_t plane) {
    const T* x = input.data<T>() + plane * iH * iW;
    T* y = output.data<T>() + plane * oH * oW;
    int64_t* at = indices.data<int64_t>() + plane * oH * oW;
    for (int64_t oh = 0; oh < oH; ++oh) {
      const int64_t start = oh * w.dH - w.padH, bottom = std::min(iH, start + (w.kH - 1) * w.dilationH + 1);
      const int64_t above = start < 0 ? (-start + w.dilationH - 1) / w.dilationH : 0;  // of the window's rows
      for (size_t v = 0; v < vectors.size(); ++v) {
        auto best = hn::Set(d, std::numeric_limits<T>::lowest());
        auto position = hn::Zero(di);
        for (int64_t ih = start + above * w.dilationH; ih < bottom; ih += w.dilationH) {
          for (const C& column : vectors[v]) {
            const auto value = column.read(x + ih * iW, step);
            const auto isLarger = hn::Gt(value, best);  // false for a NaN
            best = hn::IfThenElse(isLarger, value, best);
            const auto first = hn::Set(di, static_cast<Position>(ih * iW + column.shift() + 1));
            position = hn::IfThenElse(hn::RebindMask(di, isLarger), hn::Add(first, apart), position);
          }
        }
        const auto o = static_cast<int64_t>(v) * C::kLanes;
        storeLanes(d, y + oh * oW + o, oW - o, best);
        storePositions(di, at + oh * oW + o, oW - o, position);
      }
    }
  });
}

void maxPoolingKernel(const Tensor& y, const Tensor& indices, const Tensor& x, const Window& w) {
  if (x.size(2) * x.size(3) > std::numeric_limits<int32_t>::max())
    fail("nn.SpatialMaxPooling", arg(1, "input"),
         {"planes of more than 2^31 elements are not supported: ", describe(x)});
  visit<Floating>("nn.SpatialMaxPooling", x.type(), [&]<class T>() {
    withStep(w.dW, [&](auto step) { maxPooling<T>(y, indices, x, w, step); });
  });
}

/// Scripts and files can hold anything: nothing is written before the positions are known to be inside.
void checkPositions(const int64_t* at, int64_t n, int64_t planeSize) {
  const auto isWrong = [=](int64_t position) {
    return static_cast<uint64_t>(position) > static_cast<uint64_t>(planeSize);
  };
  bool anyWrong = false;
  for (int64_t i = 0; i < n; ++i) anyWrong |= isWrong(at[i]);
  if (!anyWrong) return;
  fail("nn.SpatialMaxPooling", {"found an invalid max index ", text(*std::find_if(at, at + n, isWrong)),
                                " for planes of ", text(planeSize), " elements"});
}

void maxPoolingGradientKernel(const Tensor& gradInput, const Tensor& gradOutput, const Tensor& indices) {
  visit<Floating>("nn.SpatialMaxPooling", gradInput.type(), [&]<class T>() {
    const int64_t in = gradInput.size(2) * gradInput.size(3), out = gradOutput.size(2) * gradOutput.size(3);
    const int64_t* all = indices.data<int64_t>();
    checkPositions(all, indices.nElement(), in);
    eachPlane(gradInput, gradOutput, 1, [&](int64_t plane) {
      T* gx = gradInput.data<T>() + plane * in;
      const T* gy = gradOutput.data<T>() + plane * out;
      const int64_t* at = all + plane * out;
      std::fill_n(gx, in, T(0));
      for (int64_t o = 0; o < out; ++o)
        if (at[o] > 0) gx[at[o] - 1] += gy[o];
    });
  });
}

/// 1 / divisor of each window of a row.
template <class T>
void factors(std::vector<T>& factor, int64_t oh, const Window& w, Divisor divisor, int64_t iH, int64_t iW) {
  const auto extent = [](int64_t start, int64_t k, int64_t pad, int64_t size, bool isPadded) {
    const int64_t end = std::min(start + k, size + pad);
    return isPadded ? end - start : std::min(end, size) - std::max<int64_t>(start, 0);
  };
  const bool isPadded = divisor == Divisor::Padded;
  const int64_t height = extent(oh * w.dH - w.padH, w.kH, w.padH, iH, isPadded);
  for (size_t o = 0; o < factor.size(); ++o) {
    const int64_t width = extent(static_cast<int64_t>(o) * w.dW - w.padW, w.kW, w.padW, iW, isPadded);
    factor[o] = divisor == Divisor::None ? T(1) : T(1) / static_cast<T>(std::max<int64_t>(1, height * width));
  }
}

/// Calls tap(run, offset of its first window's element) for each window position inside the plane of output
/// row oh.
template <class Tap>
void eachTap(int64_t oh, const Window& w, int64_t iH, int64_t iW, int64_t oW, const Tap& tap) {
  for (int64_t i = 0; i < w.kH; ++i) {
    const int64_t ih = oh * w.dH - w.padH + i;
    if (ih < 0 || ih >= iH) continue;
    for (int64_t j = 0; j < w.kW; ++j) tap(Run(j - w.padW, w.dW, iW, oW), ih * iW + j - w.padW);
  }
}

template <class T>
void averagePooling(const Tensor& output, const Tensor& input, const Window& w, Divisor divisor) {
  const int64_t iH = input.size(2), iW = input.size(3), oH = output.size(2), oW = output.size(3);
  eachPlane(input, output, w.kH * w.kW, [&](int64_t plane) {
    const T* x = input.data<T>() + plane * iH * iW;
    T* y = output.data<T>() + plane * oH * oW;
    std::vector<T> factor(static_cast<size_t>(oW));
    for (int64_t oh = 0; oh < oH; ++oh, y += oW) {
      std::fill_n(y, oW, T(0));
      eachTap(oh, w, iH, iW, oW, [&](const Run& run, int64_t offset) {
        withStep(w.dW, [&](auto step) {
#pragma GCC ivdep
          for (int64_t o = run.first; o < run.last; ++o) y[o] += x[offset + o * step];
        });
      });
      factors(factor, oh, w, divisor, iH, iW);
      for (int64_t o = 0; o < oW; ++o) y[o] *= factor[static_cast<size_t>(o)];
    }
  });
}

void averagePoolingKernel(const Tensor& y, const Tensor& x, const Window& w, Divisor divisor) {
  visit<Floating>("nn.SpatialAveragePooling", x.type(),
                  [&]<class T>() { averagePooling<T>(y, x, w, divisor); });
}

template <class T>
void averagePoolingGradient(const Tensor& gradInput, const Tensor& gradOutput, const Window& w,
                            Divisor divisor) {
  const int64_t iH = gradInput.size(2), iW = gradInput.size(3), oH = gradOutput.size(2),
                oW = gradOutput.size(3);
  eachPlane(gradInput, gradOutput, w.kH * w.kW, [&](int64_t plane) {
    T* gx = gradInput.data<T>() + plane * iH * iW;
    const T* gy = gradOutput.data<T>() + plane * oH * oW;
    std::vector<T> factor(static_cast<size_t>(oW)), share(static_cast<size_t>(oW));
    for (int64_t oh = 0; oh < oH; ++oh, gy += oW) {
      factors(factor, oh, w, divisor, iH, iW);
      for (size_t o = 0; o < share.size(); ++o) share[o] = gy[o] * factor[o];
      const T* const s = share.data();
      eachTap(oh, w, iH, iW, oW, [&](const Run& run, int64_t offset) {
        withStep(w.dW, [&](auto step) {
#pragma GCC ivdep
          for (int64_t o = run.first; o < run.last; ++o) gx[offset + o * step] += s[o];
        });
      });
    }
  });
}

void averagePoolingGradientKernel(const Tensor& gx, const Tensor& gy, const Window& w, Divisor divisor) {
  visit<Floating>("nn.SpatialAveragePooling", gx.type(),
                  [&]<class T>() { averagePoolingGradient<T>(gx, gy, w, divisor); });
}

}  // namespace

void fillPooling() {
  maxPoolingSlot.cpu = maxPoolingKernel;
  maxPoolingGradientSlot.cpu = maxPoolingGradientKernel;
  averagePoolingSlot.cpu = averagePoolingKernel;
  averagePoolingGradientSlot.cpu = averagePoolingGradientKernel;
}

}  // namespace cresset::nn
