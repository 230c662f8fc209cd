// Normal values from the generator's outputs, in vectors: Generator::normal() for many pairs at once.
#pragma once

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

namespace cresset::box_muller {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using Bits = hn::RebindToUnsigned<D>;
using V = hn::Vec<D>;

inline V set(double value) { return hn::Set(D(), value); }

/// c[0] + c[1] x + ... + c[n - 1] x^(n-1).
template <size_t n> V polynomial(V x, const double (&c)[n]) {
  V sum = set(c[n - 1]);
  for (size_t i = n - 1; i-- > 0;) sum = hn::MulAdd(sum, x, set(c[i]));
  return sum;
}

/// 2^52: the low 52 bits of a double in [2^52, 2^53) are an integer.
inline constexpr double kInteger = 4503599627370496.0;
/// 2^52 + n for an integer n below 2^52.
inline V aboveInteger(hn::Vec<Bits> n) {
  return hn::BitCast(D(), hn::Or(n, hn::Set(Bits(), 0x4330000000000000u)));
}

/// log(x / 2^32) for an integer x from 1 to 2^32; the error stays below one unit in the last place.
inline V logarithm(V x) {
  // x / 2^32 = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)).
  constexpr uint64_t kOne = 0x3ff0000000000000u, kSqrtHalf = 0x3fe6a09e667f3bcdu;
  const Bits bits;
  const auto b = hn::BitCast(bits, x);
  const auto biased = hn::ShiftRight<52>(hn::Add(b, hn::Set(bits, kOne - kSqrtHalf)));  // e + 32 + 1023
  const V e = hn::Sub(aboveInteger(biased), set(kInteger + 32 + 1023));
  const V f =
      hn::Sub(hn::BitCast(D(), hn::Add(hn::Sub(b, hn::ShiftLeft<52>(biased)), hn::Set(bits, kOne))), set(1));

  // log(1 + f) = 2 atanh(s) = 2 s + s z P(z) with s = f / (2 + f) and z = s^2. P interpolates at the nodes of
  // the seventh Chebyshev polynomial, with an error of 2^-57 of the whole. In terms of f, which is exact, 2 s
  // is f - f^2/2 + s f^2/2. e times the first part of log(2) is exact.
  constexpr double kP[] = {0.666666666666667,   0.399999999998995,   0.2857142862597826, 0.22222211134341624,
                           0.18182889158299903, 0.15331720502376558, 0.1461646325895801};
  const V s = hn::Div(f, hn::Add(f, set(2))), z = hn::Mul(s, s);
  const V half = hn::Mul(hn::Mul(f, f), set(0.5));
  const V small =
      hn::MulAdd(s, hn::MulAdd(z, polynomial(z, kP), half), hn::Mul(e, set(4.7493250390316726e-07)));
  return hn::MulAdd(e, set(0.6931467056274414), hn::Sub(f, hn::Sub(half, small)));
}

/// Sine and cosine of x in [0, 2 pi], which is next to `quadrant` times pi/2, with errors below one unit in
/// the last place, also near their zeros.
inline void sineAndCosine(V x, hn::Vec<Bits> quadrant, V& sine, V& cosine) {
  // x = q pi/2 + r + rest, |r| <= pi/4 (or hardly more). pi/2 as a double ends in zeros, so that q times it
  // is exact, and so is the difference to x, which is near it.
  const V q = hn::Sub(aboveInteger(quadrant), set(kInteger));
  const V near = hn::Sub(x, hn::Mul(q, set(1.5707963267948966))),
          low = hn::Mul(q, set(6.123233995736766e-17));
  const V r = hn::Sub(near, low), rest = hn::Sub(hn::Sub(near, r), low);

  // sin r = r + r^3 S(r^2) and cos r = 1 - r^2/2 + r^4 C(r^2). S and C interpolate at the nodes of the sixth
  // Chebyshev polynomial, with errors of 2^-56 and 2^-60 of the whole.
  constexpr double kSine[] = {-0.16666666666666666,  0.008333333333330948,   -0.00019841269836758395,
                              2.755731610245899e-06, -2.505113182552765e-08, 1.5918127891706008e-10};
  constexpr double kCosine[] = {0.041666666666666664,   -0.0013888888888887398, 2.4801587298765574e-05,
                                -2.755731727167133e-07, 2.0876146256219284e-09, -1.1382631547716708e-11};
  const V z = hn::Mul(r, r), half = hn::Mul(z, set(0.5));
  const V s = hn::Add(r, hn::MulAdd(hn::Mul(z, r), polynomial(z, kSine), rest));
  const V one = hn::Sub(set(1), half), lost = hn::Sub(hn::Sub(set(1), one), half);
  const V c =
      hn::Add(one, hn::Add(lost, hn::NegMulAdd(r, rest, hn::Mul(hn::Mul(z, z), polynomial(z, kCosine)))));

  // Quadrants 0 to 4: odd ones exchange the two, bit 1 of q and of q + 1 are the signs.
  const Bits bits;
  const auto odd = hn::RebindMask(D(), hn::TestBit(quadrant, hn::Set(bits, 1)));
  const auto sign = [&](auto n) { return hn::BitCast(D(), hn::ShiftLeft<62>(hn::And(n, hn::Set(bits, 2)))); };
  sine = hn::Xor(hn::IfThenElse(odd, c, s), sign(quadrant));
  cosine = hn::Xor(hn::IfThenElse(odd, s, c), sign(hn::Add(quadrant, hn::Set(bits, 1))));
}

/// The normal values of `pairs` pairs of outputs, as Generator::normal() makes them with the C library: the
/// two differ by no more than the last place of rho, sine or cosine. T is float or double. Reads and writes
/// whole vectors of pairs.
template <class T> void normals(T* values, const uint32_t* outputs, int64_t pairs, double mean, double stdv) {
  const Bits bits;
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  for (int64_t i = 0; i < pairs; i += lanes) {
    const auto both = hn::BitCast(bits, hn::LoadU(hn::Repartition<uint32_t, D>(), outputs + 2 * i));
    // The outputs are x and y of Generator::normal() times 2^32.
    const auto x = hn::And(both, hn::Set(bits, 0xffffffffu)), y = hn::ShiftRight<32>(both);
    const V rho =
        hn::Sqrt(hn::Mul(set(-2), logarithm(hn::Sub(set(kInteger + 4294967296.0), aboveInteger(y)))));
    const V angle =
        hn::Mul(set(2 * 3.14159265358979323846 / 4294967296.0), hn::Sub(aboveInteger(x), set(kInteger)));
    V sine, cosine;
    sineAndCosine(angle, hn::ShiftRight<30>(hn::Add(x, hn::Set(bits, 1u << 29))), sine, cosine);
    const V first = hn::MulAdd(hn::Mul(rho, cosine), set(stdv), set(mean)),
            second = hn::MulAdd(hn::Mul(rho, sine), set(stdv), set(mean));
    if constexpr (std::is_same_v<T, float>) {
      const hn::Rebind<float, D> floats;
      hn::StoreInterleaved2(hn::DemoteTo(floats, first), hn::DemoteTo(floats, second), floats,
                            values + 2 * i);
    } else {
      hn::StoreInterleaved2(first, second, D(), values + 2 * i);
    }
  }
}

}  // namespace cresset::box_muller
