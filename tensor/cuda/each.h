// The one strided launch: calls a body for every element of operands of equal sizes. nvcc sources only.
#pragma once

#include <type_traits>
#include <utility>

#include "tensor/cpu/loop.h"
#include "tensor/cuda/runtime.h"
#include "tensor/dispatch.h"

namespace cresset::cuda {

/// Dimensions that a kernel walks; more than these are rare after merging and are walked by the host.
inline constexpr int kLaunchDims = 8;

/// Sizes and strides in bytes, outermost first, as a kernel takes them.
template <int N> struct Layout {
  int64_t n;  // elements
  int dims;
  int64_t size[kLaunchDims];
  int64_t stride[N][kLaunchDims];
  char* data[N];
};

template <class Unsigned, int N> __device__ void advance(const Layout<N>& s, Unsigned rest, char* (&p)[N]) {
  for (int d = s.dims - 1; d > 0; --d) {
    const Unsigned size = static_cast<Unsigned>(s.size[d]), quotient = rest / size,
                   index = rest - quotient * size;
    for (int k = 0; k < N; ++k) p[k] += static_cast<int64_t>(index) * s.stride[k][d];
    rest = quotient;
  }
  for (int k = 0; k < N; ++k) p[k] += static_cast<int64_t>(rest) * s.stride[k][0];
}

/// The addresses of element i.
template <int N> __device__ void locate(const Layout<N>& s, int64_t i, char* (&p)[N]) {
  for (int k = 0; k < N; ++k) p[k] = s.data[k];
  if (s.dims == 1) {  // contiguous, or equally spaced
    for (int k = 0; k < N; ++k) p[k] += i * s.stride[k][0];
  } else if (s.n <= INT32_MAX) {  // a 64-bit division takes several times as long
    advance(s, static_cast<uint32_t>(i), p);
  } else {
    advance(s, static_cast<uint64_t>(i), p);
  }
}

template <int N, class Body> __global__ void __launch_bounds__(kBlock) eachKernel(Body body, Layout<N> s) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < s.n; i += step) {
    char* p[N];
    locate(s, i, p);
    body(p);
  }
}

/// Launches over the dimensions from `first` on, with the data pointers moved to one place in those before.
template <int N, class Body>
void launchFrom(const Body& body, const Operands& o, int first, char* const (&data)[N]) {
  if (o.dims - first > kLaunchDims) {
    char* p[N];
    for (int64_t i = 0; i < o.size[first]; ++i) {
      for (int k = 0; k < N; ++k) p[k] = data[k] + i * o.stride[k][first];
      launchFrom<N>(body, o, first + 1, p);
    }
    return;
  }
  Layout<N> s;
  s.n = 1;
  s.dims = o.dims - first;
  for (int d = 0; d < s.dims; ++d) {
    s.size[d] = o.size[first + d];
    s.n *= s.size[d];
    for (int k = 0; k < N; ++k) s.stride[k][d] = o.stride[k][first + d];
  }
  for (int k = 0; k < N; ++k) s.data[k] = data[k];
  eachKernel<<<blocksFor(s.n), kBlock, 0, stream()>>>(body, s);
  checkLaunch();
}

/// Calls body(pointers) on the device for each element of the operands, in no order; pointers[k] is the
/// element of operand k. The operands have equal sizes and are not empty.
template <class Body, class... Tensors>
void each(const char* op, const Body& body, const Tensors&... operands) {
  constexpr int N = sizeof...(Tensors);
  checkPlacement(op, {&operands...});
  Operands o;
  collapse(o, {&operands...}, Order::Any);
  char* data[N];
  for (int k = 0; k < N; ++k) data[k] = o.data[k];
  launchFrom<N>(body, o, 0, data);
}

/// r = f(x...) on the elements that the pointers lead to.
template <class F, class R, class... X> struct Apply {
  F f;
  __device__ void operator()(char* const* p) const { run(p, std::index_sequence_for<X...>()); }
  template <size_t... I> __device__ void run(char* const* p, std::index_sequence<I...>) const {
    *reinterpret_cast<R*>(p[0]) = static_cast<R>(f(*reinterpret_cast<const X*>(p[I + 1])...));
  }
};

/// result = f(x...) for tensors of one size with element types R and X....
template <class R, class... X, class F, class... Tensors>
void map(const char* op, const F& f, const Tensor& result, const Tensors&... x) {
  each(op, Apply<F, R, X...>{f}, result, x...);
}

}  // namespace cresset::cuda
