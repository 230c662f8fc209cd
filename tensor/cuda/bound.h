// Functors with their numbers fixed. nvcc sources only.
#pragma once

namespace cresset::cuda {

/// f(x, v).
template <class F, class T> struct Bound {
  T v;
  __device__ auto operator()(T x) const { return F{}(x, v); }
};

/// f(x, y, k) and f(x, y, z, k).
template <class F, class T> struct Scaled {
  T k;
  __device__ T operator()(T x, T y) const { return F{}(x, y, k); }
  __device__ T operator()(T x, T y, T z) const { return F{}(x, y, z, k); }
};

}  // namespace cresset::cuda
