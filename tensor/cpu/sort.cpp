// CPU kernels of sort, topk, kthvalue and mode. Elements become unsigned integers that order in the same way,
// paired with their positions: one algorithm serves all types. Long rows are sorted digit by digit, the least
// significant first (radix sort), short ones by comparison.
#include "tensor/ops/sort.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/memory.h"

namespace cresset {
namespace {

/// A value as an unsigned integer of its width, and back.
template <class T> struct Key {
  using Bits = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  static constexpr Bits kSign = static_cast<Bits>(Bits{1} << (8 * sizeof(T) - 1));

  static Bits of(T value) {
    const auto bits = std::bit_cast<Bits>(value);
    if constexpr (std::is_floating_point_v<T>) {
      if (value != value) return static_cast<Bits>(~Bits{0});  // NaN, whatever its sign, comes last
      return bits & kSign ? static_cast<Bits>(~bits) : static_cast<Bits>(bits | kSign);
    } else {
      return std::is_signed_v<T> ? static_cast<Bits>(bits ^ kSign) : bits;
    }
  }
  static T value(Bits key) {
    if constexpr (std::is_floating_point_v<T>) {
      return std::bit_cast<T>(key & kSign ? static_cast<Bits>(key ^ kSign) : static_cast<Bits>(~key));
    } else {
      return std::bit_cast<T>(std::is_signed_v<T> ? static_cast<Bits>(key ^ kSign) : key);
    }
  }
};

/// Key and position in one word, for keys of up to 32 bits and rows below 2^32.
struct Packed {
  using Count = uint32_t;
  uint64_t word;
  Packed() = default;
  Packed(uint64_t key, int64_t position) : word(key << 32 | static_cast<uint64_t>(position)) {}
  uint64_t key() const { return word >> 32; }
  int64_t position() const { return static_cast<int64_t>(word & 0xffffffffu); }
  friend bool operator<(Packed a, Packed b) { return a.word < b.word; }
};
struct Wide {
  using Count = uint64_t;
  uint64_t word;
  int64_t place;
  Wide() = default;
  Wide(uint64_t key, int64_t position) : word(key), place(position) {}
  uint64_t key() const { return word; }
  int64_t position() const { return place; }
  friend bool operator<(const Wide& a, const Wide& b) {
    return a.word < b.word || (a.word == b.word && a.place < b.place);
  }
};

/// Uninitialised room for n entries, from the buffers that tensors leave: fresh pages would cost as much as
/// sorting what is on them.
template <class Entry> class Room {
 public:
  explicit Room(int64_t n)
      : bytes_(n * static_cast<int64_t>(sizeof(Entry))),
        entries_(static_cast<Entry*>(memory::allocate(bytes_))) {}
  ~Room() { memory::release(entries_, bytes_); }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  Entry* get() const { return entries_; }

 private:
  int64_t bytes_;
  Entry* entries_;
};

/// From here on a pass over all entries for each digit is faster than comparing them.
constexpr int64_t kRadixFrom = 64;
constexpr int kDigitBits = 9;  // a line of each place that a pass writes to fits the first-level cache

/// Sorts n entries by their keys; `scratch` has room for as many. Returns which of the two has the sorted
/// entries. They come in order of their positions, and equal ones stay so. Digits are those of the difference
/// to the lowest key, which is short and spread evenly: numbers of one magnitude share the upper part of
/// their keys.
template <class Entry> Entry* sortEntries(Entry* entries, Entry* scratch, int64_t n) {
  if (n < kRadixFrom) {
    std::sort(entries, entries + n);
    return entries;
  }
  uint64_t low = entries[0].key(), high = low;
  for (int64_t i = 0; i < n; ++i) {
    low = std::min(low, entries[i].key());
    high = std::max(high, entries[i].key());
  }
  const int bits = static_cast<int>(std::bit_width(high - low)),
            passes = std::max(1, (bits + kDigitBits - 1) / kDigitBits), width = (bits + passes - 1) / passes;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  typename Entry::Count counts[64 / kDigitBits + 1][1 << kDigitBits];
  std::fill_n(counts[0], passes << kDigitBits, 0);
  for (int64_t i = 0; i < n; ++i) {
    uint64_t rest = entries[i].key() - low;
    for (int p = 0; p < passes; ++p, rest >>= width) ++counts[p][rest & mask];
  }
  Entry *from = entries, *to = scratch;
  for (int p = 0; p < passes; ++p) {
    auto* count = counts[p];
    const auto digit = [&, shift = p * width](const Entry& e) { return (e.key() - low) >> shift & mask; };
    if (static_cast<int64_t>(count[digit(from[0])]) == n) continue;  // all have this digit in common
    typename Entry::Count next = 0;
    for (uint64_t d = 0; d <= mask; ++d) next += std::exchange(count[d], next);
    for (int64_t i = 0; i < n; ++i) to[count[digit(from[i])]++] = from[i];
    std::swap(from, to);
  }
  return from;
}

int64_t rowLength(const Tensor& x) { return x.size(x.dim() - 1); }
int64_t rowCount(const Tensor& x) { return x.nElement() / rowLength(x); }

/// Calls row(entries, scratch, index, key of a value) for each row, in parallel. What is compiled for each
/// type is only the making of keys.
template <class T, class Row> void eachRow(const Tensor& x, Direction direction, const Row& row) {
  const int64_t n = rowLength(x);
  const auto flip = static_cast<typename Key<T>::Bits>(direction == Direction::Descending ? -1 : 0);
  const auto run = [&]<class Entry>(Entry*) {
    parallelFor(rowCount(x), std::max<int64_t>(1, kGrain / 16 / n), [&](int64_t begin, int64_t end) {
      const Room<Entry> entries(2 * n);
      for (int64_t r = begin; r < end; ++r) {
        const T* p = x.data<T>() + r * n;
        parallelFor(n, kGrain, [&](int64_t first, int64_t last) {
          for (int64_t i = first; i < last; ++i)
            entries.get()[i] = Entry(static_cast<typename Key<T>::Bits>(Key<T>::of(p[i]) ^ flip), i);
        });
        row(entries.get(), entries.get() + n, r, [flip](const Entry& e) {
          return Key<T>::value(static_cast<typename Key<T>::Bits>(e.key() ^ flip));
        });
      }
    });
  };
  if constexpr (sizeof(T) <= 4)
    if (n < int64_t{1} << 32) return run(static_cast<Packed*>(nullptr));
  run(static_cast<Wide*>(nullptr));
}

/// Sets the k first entries to the k smallest of n, in any order.
template <class Entry> void selectEntries(Entry* entries, int64_t k, int64_t n) {
  if (k < n) std::nth_element(entries, entries + k - 1, entries + n);
}

/// Room for the entries that smallestOf meets.
constexpr int64_t kKeyBlock = 64;
int64_t candidatesOf(int64_t k) { return std::max<int64_t>(2 * k, 64) + kKeyBlock; }

/// Collects the k smallest entries of x[begin, end), or all if these are fewer, in `entries`, which has room
/// for candidatesOf(k); returns how many. Only what is below the k-th smallest value so far becomes an entry,
/// which are few unless x falls all the way; for the others a comparison in vectors is all that they cost.
template <class T, class Entry>
int64_t smallestOf(Entry* entries, const T* x, int64_t begin, int64_t end, int64_t k,
                   typename Key<T>::Bits flip) {
  using Bits = typename Key<T>::Bits;
  const int64_t limit = candidatesOf(k) - kKeyBlock;
  int64_t count = std::min(end - begin, limit);
  for (int64_t i = 0; i < count; ++i)
    entries[i] = Entry(static_cast<Bits>(Key<T>::of(x[begin + i]) ^ flip), begin + i);
  selectEntries(entries, k, count);
  if (begin + count == end) return std::min(k, count);
  Bits bound = static_cast<Bits>(entries[k - 1].key());
  const auto isCandidate = [&](Bits key) { return key < bound; };  // equal ones come later in x
  int64_t i = begin + count;
  count = k;
  const auto take = [&](int64_t at, Bits key) {
    entries[count] = Entry(key, at);
    count += isCandidate(key);
  };
  for (; i + kKeyBlock <= end; i += kKeyBlock) {
    Bits keys[kKeyBlock];
    Bits any = 0;
    for (int64_t j = 0; j < kKeyBlock; ++j) {
      keys[j] = static_cast<Bits>(Key<T>::of(x[i + j]) ^ flip);
      any |= static_cast<Bits>(isCandidate(keys[j]));
    }
    if (any == 0) continue;
    for (int64_t j = 0; j < kKeyBlock; ++j) take(i + j, keys[j]);
    if (count < limit) continue;
    selectEntries(entries, k, count);
    bound = static_cast<Bits>(entries[k - 1].key());
    count = k;
  }
  for (; i < end; ++i) take(i, static_cast<Bits>(Key<T>::of(x[i]) ^ flip));
  selectEntries(entries, k, count);
  return k;
}

/// The k smallest of each row, for k well below the length of a row. A single row is shared by the threads.
template <class T>
void topkKernel(const Tensor& values, const Tensor& indices, const Tensor& x, Direction direction,
                Sorted sorted) {
  const int64_t rows = rowCount(x), n = rowLength(x), k = rowLength(values), room = candidatesOf(k);
  const auto flip = static_cast<typename Key<T>::Bits>(direction == Direction::Descending ? -1 : 0);
  const auto run = [&]<class Entry>(Entry*) {
    const auto put = [&](int64_t r, Entry* entries) {
      if (sorted == Sorted::Yes) std::sort(entries, entries + k);
      for (int64_t i = 0; i < k; ++i) {
        values.data<T>()[r * k + i] =
            Key<T>::value(static_cast<typename Key<T>::Bits>(entries[i].key() ^ flip));
        indices.data<int64_t>()[r * k + i] = entries[i].position() + 1;
      }
    };
    const int64_t parts = rows == 1 ? parallelParts(n, std::max(kGrain * 2, 8 * k)) : 1;
    if (parts == 1)
      return parallelFor(rows, std::max<int64_t>(1, kGrain * 2 / n), [&](int64_t begin, int64_t end) {
        const Room<Entry> entries(room);
        for (int64_t r = begin; r < end; ++r) {
          smallestOf<T>(entries.get(), x.data<T>() + r * n, 0, n, k, flip);
          put(r, entries.get());
        }
      });
    const Room<Entry> entries(parts * room);
    std::vector<int64_t> counts(static_cast<size_t>(parts));
    parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part)
        counts[static_cast<size_t>(part)] = smallestOf<T>(entries.get() + part * room, x.data<T>(),
                                                          n * part / parts, n * (part + 1) / parts, k, flip);
    });
    int64_t count = 0;
    for (int64_t part = 0; part < parts; ++part) {
      const int64_t found = counts[static_cast<size_t>(part)];
      std::copy_n(entries.get() + part * room, found, entries.get() + count);
      count += found;
    }
    selectEntries(entries.get(), k, count);
    put(0, entries.get());
  };
  if constexpr (sizeof(T) <= 4)
    if (n < int64_t{1} << 32) return run(static_cast<Packed*>(nullptr));
  run(static_cast<Wide*>(nullptr));
}

void sortKernel(const Tensor& values, const Tensor& indices, const Tensor& x, Direction direction,
                Sorted sorted) {
  visit<Real>("sort", x.type(), [&]<class T>() {
    const int64_t n = rowLength(x), k = rowLength(values);
    if (k <= n / 8) return topkKernel<T>(values, indices, x, direction, sorted);
    eachRow<T>(x, direction, [&](auto* entries, auto* scratch, int64_t r, auto valueOf) {
      selectEntries(entries, k, n);
      if (k < n && sorted == Sorted::Yes) std::sort(entries, entries + k);
      if (k == n) entries = sortEntries(entries, scratch, n);
      T* v = values.data<T>() + r * k;
      int64_t* index = indices.data<int64_t>() + r * k;
      parallelFor(k, kGrain, [&](int64_t first, int64_t last) {
        for (int64_t i = first; i < last; ++i) {
          v[i] = valueOf(entries[i]);
          index[i] = entries[i].position() + 1;
        }
      });
    });
  });
}

void kthvalueKernel(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k) {
  visit<Real>("kthvalue", x.type(), [&]<class T>() {
    eachRow<T>(x, Direction::Ascending, [&](auto* entries, auto*, int64_t r, auto valueOf) {
      std::nth_element(entries, entries + k - 1, entries + rowLength(x));
      values.data<T>()[r] = valueOf(entries[k - 1]);
      indices.data<int64_t>()[r] = entries[k - 1].position() + 1;
    });
  });
}

void modeKernel(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t) {
  visit<Real>("mode", x.type(), [&]<class T>() {
    const int64_t n = rowLength(x);
    eachRow<T>(x, Direction::Ascending, [&](auto* entries, auto* scratch, int64_t r, auto valueOf) {
      entries = sortEntries(entries, scratch, n);
      int64_t best = 0, length = 0;  // the last entry of the longest run so far
      for (int64_t i = 0, run = 0; i < n; ++i) {
        // Values, not keys: both zeros are one.
        run = i > 0 && valueOf(entries[i]) == valueOf(entries[i - 1]) ? run + 1 : 1;
        if (run <= length) continue;
        length = run;
        best = i;
      }
      values.data<T>()[r] = valueOf(entries[best]);
      indices.data<int64_t>()[r] = entries[best].position() + 1;
    });
  });
}

}  // namespace

void fillSort() {
  sortSlot.cpu = sortKernel;
  kthvalueSlot.cpu = kthvalueKernel;
  modeSlot.cpu = modeKernel;
}

}  // namespace cresset
