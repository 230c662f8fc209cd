// Stores that go past the cache: a large result would only push out what is still wanted, and an ordinary
// store first reads the line that it overwrites.
#pragma once

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstdint>

namespace cresset {

/// Results from this size on, for each thread, are worth it: they do not fit its share of the cache.
inline constexpr int64_t kStreamedBytes = 4 << 20;
/// Where streamed lines begin.
inline constexpr int64_t kStreamAlignment = 64;

/// Copies a buffer that is in the cache to `to`, past the cache. `to` and `bytes` are multiples of
/// kStreamAlignment; `from` is aligned to it. Others see it after hwy::FlushStream().
inline void streamLines(void* to, const void* from, int64_t bytes) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::ScalableTag<uint64_t> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto* out = static_cast<uint64_t*>(to);
  const auto* in = static_cast<const uint64_t*>(from);
  for (int64_t i = 0; i < bytes / 8; i += lanes) hn::Stream(hn::Load(d, in + i), d, out + i);
}

/// Fills r[0, n), whose size is worth it: compute(out, begin, count) writes elements [begin, begin + count)
/// to `out`, a buffer in the cache, from which whole lines are stored past it.
template <class R, class Compute> void streamed(R* r, int64_t n, const Compute& compute) {
  constexpr int64_t kBuffered = 2048 / static_cast<int64_t>(sizeof(R));
  alignas(kStreamAlignment) R buffer[kBuffered];
  const auto unaligned = reinterpret_cast<uintptr_t>(r) % kStreamAlignment;
  int64_t i = unaligned ? static_cast<int64_t>((kStreamAlignment - unaligned) / sizeof(R)) : 0;
  compute(r, 0, i);
  for (; i + kBuffered <= n; i += kBuffered) {
    compute(buffer, i, kBuffered);
    streamLines(r + i, buffer, sizeof buffer);
  }
  hwy::FlushStream();
  compute(r + i, i, n - i);
}

}  // namespace cresset
