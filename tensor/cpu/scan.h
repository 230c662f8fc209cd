// Running sums and products of rows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <vector>

#include "tensor/cpu/accumulate.h"
#include "tensor/cpu/lanes.h"
#include "tensor/cpu/loop.h"

namespace cresset {

/// Running results of a row, whose first is join(before, p[0]). Returns the last one.
template <class Join, class A, class T> A scan(const T* p, T* r, int64_t n, A before, Join join) {
  for (int64_t i = 0; i < n; ++i) {
    before = join(before, static_cast<A>(p[i]));
    r[i] = static_cast<T>(before);
  }
  return before;
}

/// Running sums are made in vectors of this many doubles. Eight lanes would be shifted once more.
using Scanned = hn::CappedTag<double, 4>;
inline constexpr auto kScanLanes = static_cast<int64_t>(hn::MaxLanes(Scanned()));

/// The first `count` floats or doubles of a row, and zeros.
template <class T> auto loadScanned(const T* p, int64_t count) {
  const hn::Rebind<T, Scanned> narrow;
  const auto x = loadLanes(narrow, p, count, hn::Zero(narrow));
  if constexpr (std::is_same_v<T, double>) {
    return x;
  } else {
    return hn::PromoteTo(Scanned(), x);
  }
}
template <class T, class V> void storeScanned(T* r, int64_t count, V v) {
  const hn::Rebind<T, Scanned> narrow;
  if constexpr (std::is_same_v<T, double>) {
    storeLanes(narrow, r, count, v);
  } else {
    storeLanes(narrow, r, count, hn::DemoteTo(narrow, v));
  }
}

/// The lanes of v moved up by `shift`, with zeros below.
template <class V> V movedUp(V v, int64_t shift) {
  const Scanned d;
  const hn::RebindToSigned<Scanned> di;
  const auto from = hn::Sub(hn::Iota(di, 0), hn::Set(di, shift));
  const auto moved = hn::TableLookupLanes(v, hn::IndicesFromVec(d, hn::Max(from, hn::Zero(di))));
  return hn::IfThenZeroElse(hn::RebindMask(d, hn::Lt(from, hn::Zero(di))), moved);
}

/// The sum of a row, added up in the order of scanSums.
template <class T> Wrapping<T> sumOfScan(const T* p, int64_t n) {
  if constexpr (std::is_integral_v<T>) {
    return sumOf<Wrapping<T>>(0, n, [p](int64_t i) { return p[i]; });
  } else {
    auto total = hn::Zero(Scanned());
    eachVector(Scanned(), n,
               [&](int64_t i, int64_t count) { total = hn::Add(total, loadScanned(p + i, count)); });
    return hn::GetLane(hn::SumOfLanes(Scanned(), total));
  }
}

/// Running sums of a row, the first of which is before + p[0]. Returns sumOfScan(p, n).
template <class T> Wrapping<T> scanSums(const T* p, T* r, int64_t n, Wrapping<T> before) {
  if constexpr (std::is_integral_v<T>) {
    return scan(p, r, n, before, std::plus<>()) - before;
  } else {
    const Scanned d;
    const hn::RebindToSigned<Scanned> di;
    const auto last = hn::IndicesFromVec(d, hn::Set(di, kScanLanes - 1));
    auto running = hn::Set(d, before), total = hn::Zero(d);
    eachVector(Scanned(), n, [&](int64_t i, int64_t count) {
      const auto x = loadScanned(p + i, count);
      auto sums = x;
      for (int64_t shift = 1; shift < kScanLanes; shift *= 2) sums = hn::Add(sums, movedUp(sums, shift));
      storeScanned(r + i, count, hn::Add(running, sums));
      running = hn::Add(running, hn::TableLookupLanes(sums, last));  // waits for one addition, not for four
      total = hn::Add(total, x);
    });
    return hn::GetLane(hn::SumOfLanes(d, total));
  }
}

/// Running sums of a row, in chunks that start from the sum of those before. For several threads the sums of
/// all chunks come first.
template <class T> void scanSumsOfRow(const T* p, T* r, int64_t n) {
  using A = Wrapping<T>;
  constexpr int64_t kScanned = 4096, kParallel = 16;
  const int64_t chunks = (n + kScanned - 1) / kScanned;
  const auto count = [&](int64_t c) { return std::min(kScanned, n - c * kScanned); };
  const auto scanChunk = [&](int64_t c, A before) {
    return scanSums(p + c * kScanned, r + c * kScanned, count(c), before);
  };
  if (parallelParts(chunks, kParallel) == 1) {
    A before = 0;
    for (int64_t c = 0; c < chunks; ++c) before += scanChunk(c, before);
    return;
  }
  std::vector<A> before(static_cast<size_t>(chunks));
  parallelFor(chunks - 1, kParallel, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c)
      before[static_cast<size_t>(c) + 1] = sumOfScan(p + c * kScanned, count(c));
  });
  for (size_t c = 1; c < before.size(); ++c) before[c] += before[c - 1];
  parallelFor(chunks, kParallel, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) scanChunk(c, before[static_cast<size_t>(c)]);
  });
}

}  // namespace cresset
