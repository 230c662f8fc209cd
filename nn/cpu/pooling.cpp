// CPU kernels of pooling. A row of outputs is computed one position of the window after the other: for each,
// the outputs whose window has that position inside the plane are a run, and the inner loop has no borders to
// look at.
#include <hwy/highway.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "nn/cpu/fill.h"
#include "nn/pooling/kernels.h"
#include "tensor/cpu/loop.h"

namespace cresset::nn {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

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

/// The largest elements of one row of outputs so far, and their positions. Rows are short in deep layers:
/// gathers of whole vectors, of which the last lanes may go unused, are several times as fast as a loop with
/// a scalar tail.
template <class T> class MaxRow {
 public:
  explicit MaxRow(int64_t outputs)
      : largest_(static_cast<size_t>(outputs) + kLanes), position_(static_cast<size_t>(outputs) + kLanes) {}

  void clear() {
    std::fill(largest_.begin(), largest_.end(), std::numeric_limits<T>::lowest());
    std::fill(position_.begin(), position_.end(), Position(0));
  }

  /// Lets element from[o * step], whose position is start + o * step, compete for output o.
  void compete(const Run& run, const T* from, int64_t step, int64_t start) {
    const auto stride = hn::Set(di_, static_cast<Position>(step));
    for (int64_t o = run.first; o < run.last; o += kLanes) {
      const int64_t left = std::min(kLanes, run.last - o);
      const auto lane = hn::Min(hn::Iota(di_, 0), hn::Set(di_, static_cast<Position>(left - 1)));
      const auto offset = hn::Mul(lane, stride);
      const auto value = hn::GatherIndex(d_, from + o * step, offset);
      T* const largest = largest_.data() + o;
      Position* const position = position_.data() + o;
      const auto best = hn::LoadU(d_, largest);
      const auto isLarger =
          hn::And(hn::Gt(value, best), hn::FirstN(d_, static_cast<size_t>(left)));  // false for a NaN
      hn::StoreU(hn::IfThenElse(isLarger, value, best), d_, largest);
      const auto found = hn::Add(hn::Set(di_, static_cast<Position>(start + o * step)), offset);
      hn::StoreU(hn::IfThenElse(hn::RebindMask(di_, isLarger), found, hn::LoadU(di_, position)), di_,
                 position);
    }
  }

  void store(T* y, int64_t* at, int64_t outputs) const {
    std::copy_n(largest_.begin(), outputs, y);
    std::copy_n(position_.begin(), outputs, at);
  }

 private:
  using D = hn::ScalableTag<T>;
  using Position = hwy::MakeSigned<T>;
  static constexpr int64_t kLanes = hn::MaxLanes(D());
  D d_;
  hn::RebindToSigned<D> di_;
  std::vector<T> largest_;
  std::vector<Position> position_;
};

template <class T>
void maxPooling(const Tensor& output, const Tensor& indices, const Tensor& input, const Window& w) {
  const int64_t iH = input.size(2), iW = input.size(3), oH = output.size(2), oW = output.size(3);
  eachPlane(input, output, w.kH * w.kW, [&](int64_t plane) {
    const T* x = input.data<T>() + plane * iH * iW;
    T* y = output.data<T>() + plane * oH * oW;
    int64_t* at = indices.data<int64_t>() + plane * oH * oW;
    MaxRow<T> row(oW);
    for (int64_t oh = 0; oh < oH; ++oh) {
      row.clear();
      for (int64_t i = 0; i < w.kH; ++i) {
        const int64_t ih = oh * w.dH - w.padH + i * w.dilationH;
        if (ih < 0 || ih >= iH) continue;
        for (int64_t j = 0; j < w.kW; ++j) {
          const int64_t first = ih * iW + j * w.dilationW - w.padW;
          row.compete(Run(j * w.dilationW - w.padW, w.dW, iW, oW), x + first, w.dW, first + 1);
        }
      }
      row.store(y + oh * oW, at + oh * oW, oW);
    }
  });
}

void maxPoolingKernel(const Tensor& y, const Tensor& indices, const Tensor& x, const Window& w) {
  if (x.size(2) * x.size(3) > std::numeric_limits<int32_t>::max())
    fail("nn.SpatialMaxPooling", arg(1, "input"),
         {"planes of more than 2^31 elements are not supported: ", describe(x)});
  visit<Floating>("nn.SpatialMaxPooling", x.type(), [&]<class T>() { maxPooling<T>(y, indices, x, w); });
}

void maxPoolingGradientKernel(const Tensor& gradInput, const Tensor& gradOutput, const Tensor& indices) {
  visit<Floating>("nn.SpatialMaxPooling", gradInput.type(), [&]<class T>() {
    const int64_t in = gradInput.size(2) * gradInput.size(3), out = gradOutput.size(2) * gradOutput.size(3);
    const int64_t* all = indices.data<int64_t>();
    // Scripts and files can hold anything: nothing is written before the positions are known to be inside.
    for (int64_t i = 0, n = indices.nElement(); i < n; ++i)
      if (all[i] < 0 || all[i] > in)
        fail("nn.SpatialMaxPooling",
             {"found an invalid max index ", text(all[i]), " for planes of ", text(in), " elements"});
    eachPlane(gradInput, gradOutput, 1, [&](int64_t plane) {
      T* gx = gradInput.data<T>() + plane * in;
      const T* gy = gradOutput.data<T>() + plane * out;
      const int64_t* at = all + plane * out;
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
