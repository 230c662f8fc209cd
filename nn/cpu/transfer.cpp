// CPU kernels of the transfer functions: plain loops, which the compiler vectorises, and Highway's vector
// mathematics for those with exp or log.
#include "nn/cpu/fill.h"
#include "nn/transfer/functors.h"
#include "nn/transfer/kernels.h"
#include "tensor/cpu/map.h"
#include "tensor/cpu/vector_math.h"

namespace cresset::nn {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// A functor with its constants.
template <class F, class T> struct Forward {
  T a, b;
  T operator()(T x) const { return F::forward(x, a, b); }
};
template <class F, class T> struct Gradient {
  T a, b;
  T operator()(T gy, T source) const { return F::gradient(gy, source, a, b); }
};

// The vector forms of functors with exp and log.
template <class F> struct VectorForward { static constexpr bool kAvailable = false; };
template <class F> struct VectorGradient { static constexpr bool kAvailable = false; };
#define CRESSET_VECTOR_FORWARD(name, ...)                                                              \
  template <> struct VectorForward<transfer::name> {                                                   \
    static constexpr bool kAvailable = true;                                                           \
    template <class D, class V> static V apply(D d, V x, V a [[maybe_unused]], V b [[maybe_unused]]) { \
      __VA_ARGS__                                                                                      \
    }                                                                                                  \
  };
#define CRESSET_VECTOR_GRADIENT(name, ...)                                                                   \
  template <> struct VectorGradient<transfer::name> {                                                        \
    static constexpr bool kAvailable = true;                                                                 \
    template <class D, class V> static V apply(D d, V gy, V s, V a [[maybe_unused]], V b [[maybe_unused]]) { \
      __VA_ARGS__                                                                                            \
    }                                                                                                        \
  };
CRESSET_VECTOR_FORWARD(logSigmoid, {
  const V zero = hn::Zero(d);
  return hn::Sub(hn::Min(zero, x), vector::log1p(d, vector::exp(d, hn::Neg(hn::Abs(x)))));
})
CRESSET_VECTOR_GRADIENT(logSigmoid, { return hn::Div(gy, hn::Add(hn::Set(d, 1), vector::exp(d, s))); })
CRESSET_VECTOR_FORWARD(softPlus, {
  const V scaled = hn::Mul(x, a);
  // Min keeps exp finite where its result is not taken; of a number and NaN it gives the second.
  const V soft = hn::Div(vector::log1p(d, vector::exp(d, hn::Min(b, scaled))), a);
  return hn::IfThenElse(hn::Gt(scaled, b), x, soft);
})
CRESSET_VECTOR_GRADIENT(softPlus, {
  const V scaled = hn::Mul(s, a);
  const V slope = hn::Sub(hn::Set(d, 1), vector::exp(d, hn::Neg(scaled)));
  return hn::IfThenElse(hn::Gt(scaled, b), gy, hn::Mul(gy, slope));
})
CRESSET_VECTOR_FORWARD(elu, {
  const V zero = hn::Zero(d);
  const V below = hn::Mul(a, hn::Sub(vector::exp(d, hn::Min(zero, x)), hn::Set(d, 1)));
  return hn::IfThenElse(hn::Gt(x, zero), x, below);
})
#undef CRESSET_VECTOR_FORWARD
#undef CRESSET_VECTOR_GRADIENT

/// Calls apply on whole vectors and, for the tail, on a padded copy: an element's value does not depend on
/// its position.
template <class T, class Apply> void overVectors(T* r, const T* x, const T* y, int64_t n, Apply apply) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(apply(d, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, r + i);
  if (i == n) return;
  HWY_ALIGN T tailX[HWY_MAX_BYTES / sizeof(T)] = {};
  HWY_ALIGN T tailY[HWY_MAX_BYTES / sizeof(T)] = {};
  std::copy(x + i, x + n, tailX);
  std::copy(y + i, y + n, tailY);
  hn::Store(apply(d, hn::Load(d, tailX), hn::Load(d, tailY)), d, tailX);
  std::copy(tailX, tailX + (n - i), r + i);
}

template <class F, class T>
void forwardRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  if (strides[0] != sizeof(T) || strides[1] != sizeof(T))
    return Map<Forward<F, T>, T, T>::row(data, strides, n, context);
  const auto& f = *static_cast<const Forward<F, T>*>(context);
  const auto* x = reinterpret_cast<const T*>(data[1]);
  overVectors(reinterpret_cast<T*>(data[0]), x, x, n, [&](auto d, auto v, auto) {
    return VectorForward<F>::apply(d, v, hn::Set(d, f.a), hn::Set(d, f.b));
  });
}

template <class F, class T>
void gradientRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  if (strides[0] != sizeof(T) || strides[1] != sizeof(T) || strides[2] != sizeof(T))
    return Map<Gradient<F, T>, T, T, T>::row(data, strides, n, context);
  const auto& f = *static_cast<const Gradient<F, T>*>(context);
  overVectors(reinterpret_cast<T*>(data[0]), reinterpret_cast<const T*>(data[1]),
              reinterpret_cast<const T*>(data[2]), n, [&](auto d, auto gy, auto source) {
                return VectorGradient<F>::apply(d, gy, source, hn::Set(d, f.a), hn::Set(d, f.b));
              });
}

template <class F> void forwardKernel(const Tensor& y, const Tensor& x, double a, double b) {
  visit<Floating>("nn", x.type(), [&]<class T>() {
    const Forward<F, T> f{static_cast<T>(a), static_cast<T>(b)};
    if constexpr (VectorForward<F>::kAvailable) {
      loop({&y, &x}, forwardRow<F, T>, &f, kGrain / 4);
    } else {
      map<T, T>(f, y, x);
    }
  });
}

template <class F>
void gradientKernel(const Tensor& gx, const Tensor& gy, const Tensor& source, double a, double b) {
  visit<Floating>("nn", gx.type(), [&]<class T>() {
    const Gradient<F, T> f{static_cast<T>(a), static_cast<T>(b)};
    if constexpr (VectorGradient<F>::kAvailable) {
      loop({&gx, &gy, &source}, gradientRow<F, T>, &f, kGrain / 4);
    } else {
      map<T, T, T>(f, gx, gy, source);
    }
  });
}

}  // namespace

void fillTransfer() {
#define GRADIENT(name, source) name##GradientSlot.cpu = gradientKernel<transfer::name>;
#define TRANSFER(name, source)                    \
  name##Slot.cpu = forwardKernel<transfer::name>; \
  name##GradientSlot.cpu = gradientKernel<transfer::name>;
#include "nn/transfer/transfer.def"
#undef GRADIENT
#undef TRANSFER
}

}  // namespace cresset::nn
