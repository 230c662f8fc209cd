// Rows of a pointwise operation: vector loops for contiguous operands, a strided loop for the others.
#pragma once

#include <algorithm>
#include <utility>

#include "tensor/cpu/loop.h"
#include "tensor/cpu/stream.h"

namespace cresset {

/// Applies f to rows of X... and stores R. F is stateless or holds the numbers of the call.
template <class F, class R, class... X> struct Map {
  static void row(char* const* data, const int64_t* strides, int64_t n, const void* context) {
    run(data, strides, n, *static_cast<const F*>(context), std::index_sequence_for<X...>());
  }

 private:
  static constexpr int64_t kLeastSpread = 16, kSpread = 256;  // elements

  template <size_t... I>
  static void run(char* const* data, const int64_t* strides, int64_t n, const F& f,
                  std::index_sequence<I...> operands) {
    auto* r = reinterpret_cast<R*>(data[0]);
    const bool unit = strides[0] == sizeof(R) && (... && (strides[I + 1] == sizeof(X)));
    if (unit) {
      const bool inPlace = (... || (data[0] == data[I + 1]));
      if (n * static_cast<int64_t>(sizeof(R)) >= kStreamedBytes && !inPlace)
        return streamed(r, n, [&](R* out, int64_t begin, int64_t count) {
          contiguous(out, count, f, reinterpret_cast<const X*>(data[I + 1]) + begin...);
        });
      return contiguous(r, n, f, reinterpret_cast<const X*>(data[I + 1])...);
    }
    // An operand stands still as the column of x + column:expandAs(x) does; one in the result may change.
    const char* end = data[0] + n * static_cast<int64_t>(sizeof(R));
    const auto still = [&](size_t k) { return strides[k] == 0 && (data[k] < data[0] || data[k] >= end); };
    if (n >= kLeastSpread && strides[0] == sizeof(R) &&
        (... && (strides[I + 1] == sizeof(X) || still(I + 1))))
      return spread(data, strides, n, f, operands);
    for (int64_t i = 0; i < n; ++i)
      *reinterpret_cast<R*>(data[0] + i * strides[0]) =
          static_cast<R>(f(*reinterpret_cast<const X*>(data[I + 1] + i * strides[I + 1])...));
  }

  /// Repeats the operands that stand still in buffers, so that all are contiguous.
  template <size_t... I>
  static void spread(char* const* data, const int64_t* strides, int64_t n, const F& f,
                     std::index_sequence<I...>) {
    alignas(64) char buffers[sizeof...(X)][kSpread * sizeof(int64_t)];
    const auto fill = [&]<class T>(const T* value, size_t k) {
      if (strides[k + 1] == 0) std::fill_n(reinterpret_cast<T*>(buffers[k]), std::min(n, kSpread), *value);
    };
    (..., fill(reinterpret_cast<const X*>(data[I + 1]), I));
    for (int64_t i = 0; i < n; i += kSpread)
      contiguous(reinterpret_cast<R*>(data[0]) + i, std::min(n - i, kSpread), f,
                 strides[I + 1] == 0 ? reinterpret_cast<const X*>(buffers[I])
                                     : reinterpret_cast<const X*>(data[I + 1]) + i...);
  }

  [[gnu::noinline]] static void contiguous(R* r, int64_t n, const F& f, const X*... x) {
    // Operands are equal to the result or apart from it, never shifted.
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) r[i] = static_cast<R>(f(x[i]...));
  }
};

/// result = f(x...) for tensors of one size with element types R and X....
template <class R, class... X, class F, class... Tensors>
void map(const F& f, const Tensor& result, const Tensors&... x) {
  loop({&result, &x...}, Map<F, R, X...>::row, &f);
}

}  // namespace cresset
