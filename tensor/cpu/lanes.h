// Vectors of which only the first lanes are used: the ends of rows, and short rows.
#pragma once

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

namespace cresset {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls take(i, count) for the vectors of n elements from i on; the last one may have fewer than all.
/// Inlined, it leaves what `take` adds to in registers.
template <class D, class Take> HWY_INLINE void eachVector(D d, int64_t n, const Take& take) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) take(i, lanes);
  if (i < n) take(i, n - i);
}

/// Whether masked loads and stores leave memory alone where the mask is false; those of bytes and pairs of
/// bytes came with AVX-512.
template <class T> inline constexpr bool kMasksMemory = HWY_TARGET <= (sizeof(T) >= 4 ? HWY_AVX2 : HWY_AVX3);

/// The first `count` lanes from memory, the others from `rest`.
template <class D, class V> V loadLanes(D d, const hn::TFromD<D>* x, int64_t count, V rest) {
  using T = hn::TFromD<D>;
  if (count >= static_cast<int64_t>(hn::Lanes(d))) return hn::LoadU(d, x);
  if constexpr (kMasksMemory<T>) {
    const auto mask = hn::FirstN(d, static_cast<size_t>(count));
    return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, x), rest);
  } else {
    HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(rest, d, lanes);
    std::copy_n(x, count, lanes);
    return hn::Load(d, lanes);
  }
}

/// Stores the first `count` lanes.
template <class D, class V> void storeLanes(D d, hn::TFromD<D>* to, int64_t count, V v) {
  using T = hn::TFromD<D>;
  if (count >= static_cast<int64_t>(hn::Lanes(d))) return hn::StoreU(v, d, to);
  if constexpr (kMasksMemory<T>) {
    hn::BlendedStore(v, hn::FirstN(d, static_cast<size_t>(count)), d, to);
  } else {
    HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(v, d, lanes);
    std::copy_n(lanes, count, to);
  }
}

}  // namespace cresset
