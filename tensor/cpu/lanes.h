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

/// The first `count` lanes from memory, the others from `rest`.
template <class D, class V> V loadLanes(D d, const hn::TFromD<D>* x, int64_t count, V rest) {
  if (count >= static_cast<int64_t>(hn::Lanes(d))) return hn::LoadU(d, x);
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN hn::TFromD<D> lanes[HWY_MAX_BYTES / sizeof(hn::TFromD<D>)];
  hn::Store(rest, d, lanes);
  std::copy_n(x, count, lanes);
  return hn::Load(d, lanes);
#else
  const auto mask = hn::FirstN(d, static_cast<size_t>(count));
  return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, x), rest);
#endif
}

/// Stores the first `count` lanes.
template <class D, class V> void storeLanes(D d, hn::TFromD<D>* to, int64_t count, V v) {
  if (count >= static_cast<int64_t>(hn::Lanes(d))) return hn::StoreU(v, d, to);
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN hn::TFromD<D> lanes[HWY_MAX_BYTES / sizeof(hn::TFromD<D>)];
  hn::Store(v, d, lanes);
  std::copy_n(lanes, count, to);
#else
  hn::BlendedStore(v, hn::FirstN(d, static_cast<size_t>(count)), d, to);
#endif
}

}  // namespace cresset
