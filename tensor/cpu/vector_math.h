// Highway's functions, with the C library's answers where Highway's are wrong: NaN, infinity, overflow and
// what has no logarithm. Without them a network that diverges would look healthy.
#pragma once

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <limits>

namespace cresset::vector {

namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V> V exp(D d, V x) {
  using T = hn::TFromD<D>;
  const V y = hn::Exp(d, x);
  // The largest number that has a finite exponential.
  const V last =
      hn::Set(d, sizeof(T) == 4 ? static_cast<T>(88.72283935546875f) : static_cast<T>(709.782712893384));
  const auto ordinary = hn::Le(x, last);
  if (HWY_LIKELY(hn::AllTrue(d, ordinary))) return y;
  const V infinity = hn::Set(d, std::numeric_limits<T>::infinity());
  return hn::IfThenElse(ordinary, y, hn::IfThenElse(hn::IsNaN(x), x, infinity));
}

/// y, but the C library's answer where x is not above `pole`: -inf there, NaN below; x itself for inf and
/// NaN.
template <class D, class V> V logarithmOf(D d, V x, V y, V pole) {
  using Limits = std::numeric_limits<hn::TFromD<D>>;
  const V infinity = hn::Set(d, Limits::infinity());
  const auto ordinary = hn::And(hn::Gt(x, pole), hn::Lt(x, infinity));
  if (HWY_LIKELY(hn::AllTrue(d, ordinary))) return y;
  V special = hn::IfThenElse(hn::Eq(x, pole), hn::Neg(infinity), x);
  special = hn::IfThenElse(hn::Lt(x, pole), hn::Set(d, Limits::quiet_NaN()), special);
  return hn::IfThenElse(ordinary, y, special);
}

template <class D, class V> V log(D d, V x) { return logarithmOf(d, x, hn::Log(d, x), hn::Zero(d)); }

template <class D, class V> V log1p(D d, V x) { return logarithmOf(d, x, hn::Log1p(d, x), hn::Set(d, -1)); }

template <class D, class V> V tanh(D d, V x) { return hn::Tanh(d, x); }

template <class D, class V> V sigmoid(D d, V x) {
  return hn::Div(hn::Set(d, 1), hn::Add(hn::Set(d, 1), exp(d, hn::Neg(x))));
}

}  // namespace cresset::vector
