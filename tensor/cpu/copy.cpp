// CPU kernels that move elements: fill, copy and conversion between every pair of types.
#include "tensor/ops/copy.h"

#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/map.h"
#include "tensor/cpu/width.h"

namespace cresset {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <class T> void fillRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  const T value = *static_cast<const T*>(context);
  if (strides[0] == sizeof(T)) {
    std::fill_n(reinterpret_cast<T*>(data[0]), n, value);
  } else {
    for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(data[0] + i * strides[0]) = value;
  }
}

void fillKernel(const Tensor& x, double value) {
  visit<AllTypes>("fill", x.type(), [&]<class T>() {
    const T v = fromDouble<T>(value);
    loop({&x}, fillRow<T>, &v);
  });
}

template <class To> struct Convert {
  template <class From> To operator()(From value) const {
    if constexpr (std::is_same_v<To, From>) {
      return value;
    } else if constexpr (!std::is_arithmetic_v<To> || !std::is_arithmetic_v<From>) {
      if constexpr (std::is_arithmetic_v<From>) {
        return fromDouble<To>(static_cast<double>(value));
      } else {
        return fromDouble<To>(static_cast<double>(toFloat(value)));
      }
    } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
      // Through int64: truncates and wraps like Torch7 for ordinary values, and is defined for all others.
      constexpr From kLimit = static_cast<From>(9.2e18);
      return value > -kLimit && value < kLimit ? static_cast<To>(static_cast<int64_t>(value)) : To(0);
    } else {
      return static_cast<To>(value);
    }
  }
};

/// A matrix whose rows are columns of the other.
bool isTransposition(const Tensor& to, const Tensor& from) {
  return to.dim() == 2 && to.stride(1) == 1 && from.stride(0) == 1 && to.size(0) > 1 && to.size(1) > 1;
}

/// A square block of elements of width W that fits four registers, or one element: to[i][j] = from[j][i].
template <class W> struct Block {
  static constexpr int64_t kSide = 1;
  static void transpose(W* to, int64_t, const W* from, int64_t) { *to = *from; }
};
template <> struct Block<uint32_t> {
  static constexpr int64_t kSide = 4;
  static void transpose(uint32_t* to, int64_t toStride, const uint32_t* from, int64_t fromStride) {
    const hn::Full128<uint32_t> d;
    const hn::Full128<uint64_t> pairs;
    const auto x0 = hn::LoadU(d, from), x1 = hn::LoadU(d, from + fromStride),
               x2 = hn::LoadU(d, from + 2 * fromStride), x3 = hn::LoadU(d, from + 3 * fromStride);
    const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, x0, x1)),
               low23 = hn::BitCast(pairs, hn::InterleaveLower(d, x2, x3)),
               high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, x0, x1)),
               high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, x2, x3));
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, to);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, to + toStride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, to + 2 * toStride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, to + 3 * toStride);
  }
};
template <> struct Block<uint64_t> {
  static constexpr int64_t kSide = 2;
  static void transpose(uint64_t* to, int64_t toStride, const uint64_t* from, int64_t fromStride) {
    const hn::Full128<uint64_t> d;
    const auto x0 = hn::LoadU(d, from), x1 = hn::LoadU(d, from + fromStride);
    hn::StoreU(hn::InterleaveLower(d, x0, x1), d, to);
    hn::StoreU(hn::InterleaveUpper(d, x0, x1), d, to + toStride);
  }
};

/// Tiles of the target. Tall, so that the source is read in runs that the processor fetches ahead; and
/// narrow, so that the lines that are written stay cached until they are full.
constexpr int64_t kTileRows = 256, kTileBytes = 256;

/// to[i][j] = from[j][i] for rows [i0, i1) and columns [j0, j1).
template <class W>
void copyTile(W* to, int64_t toStride, const W* from, int64_t fromStride, int64_t i0, int64_t i1, int64_t j0,
              int64_t j1) {
  constexpr int64_t kSide = Block<W>::kSide;
  const int64_t iEnd = i1 - (i1 - i0) % kSide, jEnd = j1 - (j1 - j0) % kSide;
  for (int64_t j = j0; j < jEnd; j += kSide) {
    for (int64_t i = i0; i < iEnd; i += kSide)
      Block<W>::transpose(to + i * toStride + j, toStride, from + j * fromStride + i, fromStride);
    for (int64_t i = iEnd; i < i1; ++i)
      for (int64_t k = j; k < j + kSide; ++k) to[i * toStride + k] = from[k * fromStride + i];
  }
  for (int64_t j = jEnd; j < j1; ++j)
    for (int64_t i = i0; i < i1; ++i) to[i * toStride + j] = from[j * fromStride + i];
}

template <class W> void copyTransposed(const Tensor& to, const Tensor& from) {
  constexpr int64_t kColumns = kTileBytes / sizeof(W),
                    kGroup = 16;  // rows whose lines only one thread writes
  const int64_t rows = to.size(0), columns = to.size(1);
  W* const target = to.data<W>();
  const W* const source = from.data<W>();
  parallelFor((rows + kGroup - 1) / kGroup, std::max<int64_t>(1, kGrain / (kGroup * columns)),
              [&](int64_t begin, int64_t end) {
                const int64_t last = std::min(rows, end * kGroup);
                for (int64_t i = begin * kGroup; i < last; i += kTileRows)
                  for (int64_t j = 0; j < columns; j += kColumns)
                    copyTile(target, to.stride(0), source, from.stride(1), i, std::min(last, i + kTileRows),
                             j, std::min(columns, j + kColumns));
              });
}

void copyKernel(const Tensor& to, const Tensor& from) {
  if (to.dtype() == from.dtype()) {
    if (to.isContiguous() && from.isContiguous()) {
      const int64_t size = elementSize(to.dtype());
      auto* target = static_cast<char*>(to.data());
      const auto* source = static_cast<const char*>(from.data());
      return parallelFor(to.nElement(), kGrain, [&](int64_t begin, int64_t end) {
        std::memmove(target + begin * size, source + begin * size, static_cast<size_t>((end - begin) * size));
      });
    }
    return visitWidth(to, [&]<class W>() {
      if (isTransposition(to, from)) return copyTransposed<W>(to, from);
      map<W, W>(Convert<W>{}, to, from);
    });
  }
  visit<AllTypes>("copy", to.type(), [&]<class To>() {
    visit<AllTypes>("copy", from.type(), [&]<class From>() { map<To, From>(Convert<To>{}, to, from); });
  });
}

void copyBytesKernel(void* to, const void* from, int64_t bytes) {
  std::memcpy(to, from, static_cast<size_t>(bytes));
}

}  // namespace

void fillCopy() {
  fillSlot.cpu = fillKernel;
  copySlot.cpu = copyKernel;
  copyBytesSlot.cpu = copyBytesKernel;
}

}  // namespace cresset
