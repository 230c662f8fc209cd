// What each pointwise operation computes, one element at a time, on the CPU and on the GPU alike.
// T is the type computed in. Integer arithmetic wraps, as Torch7's does: it goes through the unsigned type.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#ifdef __CUDACC__
#define CRESSET_HD __host__ __device__
#else
#define CRESSET_HD
#endif

namespace cresset::functor {

/// The unsigned type of T's width for integers, T itself otherwise. At least 32 bits wide, because uint16_t *
/// uint16_t is computed in (signed) int and may overflow there.
template <class T>
using Wrapping = typename std::conditional_t<
    std::is_integral_v<T>,
    std::conditional_t<(sizeof(T) < 8), std::type_identity<uint32_t>, std::type_identity<uint64_t>>,
    std::type_identity<T>>::type;

// Unary
#define CRESSET_UNARY(name, expression)                                                          \
  struct name {                                                                                  \
    template <class T> CRESSET_HD T operator()(T x) const { return static_cast<T>(expression); } \
  };
CRESSET_UNARY(log, std::log(x))
CRESSET_UNARY(log1p, std::log1p(x))
CRESSET_UNARY(exp, std::exp(x))
CRESSET_UNARY(cos, std::cos(x))
CRESSET_UNARY(acos, std::acos(x))
CRESSET_UNARY(cosh, std::cosh(x))
CRESSET_UNARY(sin, std::sin(x))
CRESSET_UNARY(asin, std::asin(x))
CRESSET_UNARY(sinh, std::sinh(x))
CRESSET_UNARY(tan, std::tan(x))
CRESSET_UNARY(atan, std::atan(x))
CRESSET_UNARY(tanh, std::tanh(x))
CRESSET_UNARY(sqrt, std::sqrt(x))
CRESSET_UNARY(rsqrt, T(1) / std::sqrt(x))
CRESSET_UNARY(round, std::round(x))
CRESSET_UNARY(ceil, std::ceil(x))
CRESSET_UNARY(floor, std::floor(x))
CRESSET_UNARY(trunc, std::trunc(x))
CRESSET_UNARY(frac, x - std::trunc(x))
CRESSET_UNARY(sigmoid, T(1) / (T(1) + std::exp(-x)))
CRESSET_UNARY(neg, Wrapping<T>(0) - static_cast<Wrapping<T>>(x))
CRESSET_UNARY(cinv, T(1) / x)
CRESSET_UNARY(sign, (x > T(0)) - (x < T(0)))
#undef CRESSET_UNARY

struct abs {
  template <class T> CRESSET_HD T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(x);
    } else {
      return x < 0 ? static_cast<T>(Wrapping<T>(0) - static_cast<Wrapping<T>>(x)) : x;
    }
  }
};

// Binary
struct plus {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    return static_cast<T>(static_cast<Wrapping<T>>(x) + static_cast<Wrapping<T>>(y));
  }
};
struct minus {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    return static_cast<T>(static_cast<Wrapping<T>>(x) - static_cast<Wrapping<T>>(y));
  }
};
struct times {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    return static_cast<T>(static_cast<Wrapping<T>>(x) * static_cast<Wrapping<T>>(y));
  }
};

// Integer divisors are checked for zero before the loop; -1 is apart because the smallest integer has no
// negative.
struct divides {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
      if (y == T(-1)) return neg{}(x);
    }
    return static_cast<T>(x / y);
  }
};
/// C's remainder: the sign of the dividend.
struct modulo {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fmod(x, y);
    } else {
      if (std::is_signed_v<T> && y == T(-1)) return T(0);
      return static_cast<T>(x % y);
    }
  }
};
/// x - y * floor(x / y): the sign of the divisor.
struct floorModulo {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_floating_point_v<T>) {
      return y == T(0) ? static_cast<T>(NAN) : x - y * std::floor(x / y);
    } else {
      const T r = modulo{}(x, y);
      return r != 0 && ((r < 0) != (y < 0)) ? static_cast<T>(r + y) : r;
    }
  }
};
struct power {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_integral_v<T>) {
      // Through int64, as conversions go: wraps, and is defined beyond it and for 0 to a negative power.
      const double p = std::pow(static_cast<double>(x), static_cast<double>(y));
      return p >= -0x1p63 && p < 0x1p63 ? static_cast<T>(static_cast<int64_t>(p)) : T(0);
    } else {
      return std::pow(x, y);
    }
  }
};
/// y^x, for a number to the power of a tensor.
struct powerOf {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return power{}(y, x); }
};
struct arctangent2 {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return std::atan2(x, y); }
};
// A NaN on either side wins.
struct maximum {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return x > y || x != x ? x : y; }
};
struct minimum {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return x < y || x != x ? x : y; }
};
/// Integers shift; floating types multiply by 2^y. A shift by the width or more gives 0.
struct shiftLeft {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_floating_point_v<T>) {
      return x * std::exp2(y);
    } else {
      using U = std::make_unsigned_t<T>;
      if (y < 0 || static_cast<uint64_t>(y) >= 8 * sizeof(T)) return 0;
      return static_cast<T>(static_cast<uint64_t>(static_cast<U>(x)) << y);
    }
  }
};
/// Logical on the unsigned bit pattern.
struct shiftRight {
  template <class T> CRESSET_HD T operator()(T x, T y) const {
    if constexpr (std::is_floating_point_v<T>) {
      return x / std::exp2(y);
    } else {
      using U = std::make_unsigned_t<T>;
      if (y < 0 || static_cast<uint64_t>(y) >= 8 * sizeof(T)) return 0;
      return static_cast<T>(static_cast<U>(x) >> y);
    }
  }
};
struct bitAnd {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return x & y; }
};
struct bitOr {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return x | y; }
};
struct bitXor {
  template <class T> CRESSET_HD T operator()(T x, T y) const { return x ^ y; }
};

// With one number k: x + k y and its relatives
struct addScaled {
  template <class T> CRESSET_HD T operator()(T x, T y, T k) const { return plus{}(x, times{}(k, y)); }
};
struct subScaled {
  template <class T> CRESSET_HD T operator()(T x, T y, T k) const { return minus{}(x, times{}(k, y)); }
};
struct interpolate {
  template <class T> CRESSET_HD T operator()(T x, T y, T k) const { return x + k * (y - x); }
};
/// `lo` wins below `lo`, then `hi`, also when lo > hi.
struct clampTo {
  template <class T> CRESSET_HD T operator()(T x, T lo, T hi) const { return x < lo ? lo : x > hi ? hi : x; }
};
struct addProduct {
  template <class T> CRESSET_HD T operator()(T x, T y, T z, T k) const {
    return plus{}(x, times{}(k, times{}(y, z)));
  }
};
struct addQuotient {
  template <class T> CRESSET_HD T operator()(T x, T y, T z, T k) const {
    return plus{}(x, divides{}(times{}(k, y), z));
  }
};

// Comparisons
struct less {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x < y; }
};
struct lessEqual {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x <= y; }
};
struct greater {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x > y; }
};
struct greaterEqual {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x >= y; }
};
struct equalTo {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x == y; }
};
struct notEqualTo {
  template <class T> CRESSET_HD bool operator()(T x, T y) const { return x != y; }
};

}  // namespace cresset::functor
