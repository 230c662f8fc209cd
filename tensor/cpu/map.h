// Rows of a pointwise operation: vector loops for contiguous operands, a strided loop for the others.
#pragma once

#include <tuple>
#include <type_traits>
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
  template <size_t... I>
  static void run(char* const* data, const int64_t* strides, int64_t n, const F& f,
                  std::index_sequence<I...>) {
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
    for (int64_t i = 0; i < n; ++i)
      *reinterpret_cast<R*>(data[0] + i * strides[0]) =
          static_cast<R>(f(*reinterpret_cast<const X*>(data[I + 1] + i * strides[I + 1])...));
  }

  static void contiguous(R* r, int64_t n, const F& f, const X*... x) {
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
