// Sums and largest elements of long rows. Work is cut into chunks of fixed size, whose partial results are
// joined in order: a result does not depend on the number of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "tensor/cpu/lanes.h"
#include "tensor/cpu/loop.h"

namespace cresset {

inline constexpr int64_t kChunk = 1 << 15;  // elements

/// Wide enough for the sum of a whole tensor: 64-bit integers, or double.
template <class T> using Wide = std::conditional_t<std::is_floating_point_v<T>, double, int64_t>;
/// The same while it is added up: unsigned integers may overflow, and wrap.
template <class T> using Wrapping = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;

/// As many running results as hide the latency of an addition; a single one would wait for each.
inline constexpr int64_t kLanes = 32;

/// The sum of f(i) over [begin, end), in A: double or uint64_t.
template <class A, class F> A sumOf(int64_t begin, int64_t end, F f) {
  A sum = 0;
  int64_t i = begin;
  if (end - begin >= kLanes) {
    A sums[kLanes] = {};
    for (; i + kLanes <= end; i += kLanes)
      for (int64_t l = 0; l < kLanes; ++l) sums[l] += static_cast<A>(f(i + l));
    for (int64_t half = kLanes / 2; half > 0; half /= 2)
      for (int64_t l = 0; l < half; ++l) sums[l] += sums[l + half];
    sum = sums[0];
  }
  for (; i < end; ++i) sum += static_cast<A>(f(i));
  return sum;
}

/// The sum of n floats that come in vectors: term(load) makes one of them from load(p), the same elements of
/// each row p. Four vectors are added as floats before they are converted, for a conversion takes longer than
/// an addition: the error is that of rounding each sum of four twice or thrice. One that overflows shows in
/// the result.
template <class Term> double sumOfFloats(int64_t n, const Term& term) {
  const hn::ScalableTag<float> d;
  const hn::Half<decltype(d)> half;
  const hn::Rebind<double, decltype(half)> wide;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto low = hn::Zero(wide), high = low;
  const auto at = [&](int64_t i, int64_t count) {
    return term([=](const float* p) { return loadLanes(d, p + i, count, hn::Zero(d)); });
  };
  const auto add = [&](auto v) {
    low = hn::Add(low, hn::PromoteTo(wide, hn::LowerHalf(half, v)));
    high = hn::Add(high, hn::PromoteTo(wide, hn::UpperHalf(half, v)));
  };
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes)
    add(hn::Add(hn::Add(at(i, lanes), at(i + lanes, lanes)),
                hn::Add(at(i + 2 * lanes, lanes), at(i + 3 * lanes, lanes))));
  auto rest = hn::Zero(d);
  for (; i + lanes <= n; i += lanes) rest = hn::Add(rest, at(i, lanes));
  if (i < n) rest = hn::Add(rest, at(i, n - i));
  add(rest);
  return hn::GetLane(hn::SumOfLanes(wide, hn::Add(low, high)));
}

/// Joins partial(begin, end) over chunks of [0, n), n > 0.
template <class A, class Partial, class Join> A overChunks(int64_t n, Partial partial, Join join) {
  const int64_t chunks = (n + kChunk - 1) / kChunk;
  if (chunks == 1) return partial(int64_t{0}, n);
  std::vector<A> parts(static_cast<size_t>(chunks));
  parallelFor(chunks, 4, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c)
      parts[static_cast<size_t>(c)] = partial(c * kChunk, std::min(n, (c + 1) * kChunk));
  });
  A result = parts[0];
  for (size_t c = 1; c < parts.size(); ++c) result = join(result, parts[c]);
  return result;
}

}  // namespace cresset
