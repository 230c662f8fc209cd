// Normal values from the generator's outputs, in vectors: Generator::normal() for many pairs at once.
#pragma once

#include <hwy/highway.h>

#include <cstdint>

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

/// A 32-bit number in each lane as a number in [0, 1). The 52 low bits of a double in [2^52, 2^53) are an
/// integer.
inline V unit(hn::Vec<Bits> output) {
  const auto shifted = hn::BitCast(D(), hn::Or(output, hn::Set(Bits(), 0x4330000000000000u)));
  return hn::Mul(hn::Sub(shifted, set(4503599627370496.0)), set(1.0 / 4294967296.0));
}

/// log(x) for x in (0, 1] that are not denormal; the error stays below one unit in the last place.
inline V logarithm(V x) {
  // x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)).
  constexpr uint64_t kOne = 0x3ff0000000000000u, kSqrtHalf = 0x3fe6a09e667f3bcdu;
  const Bits bits;
  const auto b = hn::BitCast(bits, x);
  const auto biased = hn::ShiftRight<52>(hn::Add(b, hn::Set(bits, kOne - kSqrtHalf)));  // e + 1023
  const V e = hn::Sub(hn::BitCast(D(), hn::Or(biased, hn::Set(bits, 0x4330000000000000u))),
                      set(4503599627370496.0 + 1023));
  const V f =
      hn::Sub(hn::BitCast(D(), hn::Add(hn::Sub(b, hn::ShiftLeft<52>(biased)), hn::Set(bits, kOne))), set(1));

  // log(1 + f) = 2 atanh(s) = 2 s + s z P(z) with s = f / (2 + f) and z = s^2. P interpolates at the nodes of
  // the eighth Chebyshev polynomial, with an error of 2^-58. In terms of f, which is exact, 2 s is
  // f - f^2/2 + s f^2/2. e times the first part of log(2) is exact.
  constexpr double kP[] = {0.6666666666666666,  0.4000000000000088,  0.28571428570803614,
                           0.22222222391713917, 0.18181795640132906, 0.15386239702814658,
                           0.13268773138656886, 0.13086626147840102};
  const V s = hn::Div(f, hn::Add(f, set(2))), z = hn::Mul(s, s);
  const V half = hn::Mul(hn::Mul(f, f), set(0.5));
  const V small =
      hn::MulAdd(s, hn::MulAdd(z, polynomial(z, kP), half), hn::Mul(e, set(4.7493250390316726e-07)));
  return hn::MulAdd(e, set(0.6931467056274414), hn::Sub(f, hn::Sub(half, small)));
}

/// Sine and cosine of x in [0, 8], with errors below one unit in the last place, also near their zeros.
inline void sineAndCosine(V x, V& sine, V& cosine) {
  // x = q pi/2 + r + rest, |r| <= pi/4. pi/2 as a double ends in zeros, so that q times it is exact, and so
  // is the difference to x, which is near it.
  const V q = hn::Round(hn::Mul(x, set(0.63661977236758134)));
  const V near = hn::Sub(x, hn::Mul(q, set(1.5707963267948966))),
          low = hn::Mul(q, set(6.123233995736766e-17));
  const V r = hn::Sub(near, low), rest = hn::Sub(hn::Sub(near, r), low);

  // The Taylor series of both, from the term r^3 and r^4 on.
  constexpr double kSine[] = {-1.0 / 6,
                              1.0 / 120,
                              -1.0 / 5040,
                              1.0 / 362880,
                              -1.0 / 39916800.0,
                              1.0 / 6227020800.0,
                              -1.0 / 1307674368000.0,
                              1.0 / 355687428096000.0};
  constexpr double kCosine[] = {
      1.0 / 24,          -1.0 / 720,           1.0 / 40320,           -1.0 / 3628800,
      1.0 / 479001600.0, -1.0 / 87178291200.0, 1.0 / 20922789888000.0};
  const V z = hn::Mul(r, r), half = hn::Mul(z, set(0.5));
  const V s = hn::Add(r, hn::MulAdd(hn::Mul(z, r), polynomial(z, kSine), rest));
  const V one = hn::Sub(set(1), half), lost = hn::Sub(hn::Sub(set(1), one), half);
  const V c =
      hn::Add(one, hn::Add(lost, hn::NegMulAdd(r, rest, hn::Mul(hn::Mul(z, z), polynomial(z, kCosine)))));

  // Quadrants 0 to 5: odd ones exchange the two, bit 1 of q and of q + 1 are the signs.
  const Bits bits;
  const auto n = hn::BitCast(bits, hn::Add(q, set(4503599627370496.0)));  // q in the low bits
  const auto odd = hn::MaskFromVec(
      hn::BitCast(D(), hn::Neg(hn::BitCast(hn::RebindToSigned<D>(), hn::And(n, hn::Set(bits, 1))))));
  const auto sign = [&](auto quadrant) {
    return hn::BitCast(D(), hn::ShiftLeft<62>(hn::And(quadrant, hn::Set(bits, 2))));
  };
  sine = hn::Xor(hn::IfThenElse(odd, c, s), sign(n));
  cosine = hn::Xor(hn::IfThenElse(odd, s, c), sign(hn::Add(n, hn::Set(bits, 1))));
}

/// The normal values of `pairs` pairs of outputs, as Generator::normal() makes them with the C library: the
/// two differ by no more than the last place of rho, sine or cosine. Reads and writes whole vectors of pairs.
inline void normals(double* values, const uint32_t* outputs, int64_t pairs, double mean, double stdv) {
  const Bits bits;
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  for (int64_t i = 0; i < pairs; i += lanes) {
    const auto both = hn::BitCast(bits, hn::LoadU(hn::Repartition<uint32_t, D>(), outputs + 2 * i));
    const V x = unit(hn::And(both, hn::Set(bits, 0xffffffffu))), y = unit(hn::ShiftRight<32>(both));
    const V rho = hn::Sqrt(hn::Mul(set(-2), logarithm(hn::Sub(set(1), y))));
    V sine, cosine;
    sineAndCosine(hn::Mul(set(2 * 3.14159265358979323846), x), sine, cosine);
    hn::StoreInterleaved2(hn::MulAdd(hn::Mul(rho, cosine), set(stdv), set(mean)),
                          hn::MulAdd(hn::Mul(rho, sine), set(stdv), set(mean)), D(), values + 2 * i);
  }
}

}  // namespace cresset::box_muller
