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
      constexpr From kLimit = static_cast<From>(0x1p63);
      return value >= -kLimit && value < kLimit ? static_cast<To>(static_cast<int64_t>(value)) : To(0);
    } else {
      return static_cast<To>(value);
    }
  }
};

/// A matrix whose rows are columns of the other.
bool isTransposition(const Tensor& to, const Tensor& from) {
  return to.dim() == 2 && to.stride(1) == 1 && from.stride(0) == 1 && to.size(0) > 1 && to.size(1) > 1;
}

/// Blocks that vectors transpose: kRows x kColumns elements of the target, 16 bytes of kColumns source lines.
template <class W> struct Block {
  using D = hn::CappedTag<W, 32 / sizeof(W)>;
  static constexpr int64_t kRows = 16 / sizeof(W), kColumns = hn::MaxLanes(D());

  /// The vector whose 16-byte parts begin `step` elements apart.
  template <class Tag> static hn::Vec<Tag> load(Tag d, const W* from, int64_t step) {
    if constexpr (hn::MaxLanes(d) == kRows) {
      return hn::LoadU(d, from);
    } else {
      const hn::Half<Tag> half;
      return hn::Combine(d, load(half, from + hn::MaxLanes(half) / kRows * step, step),
                         load(half, from, step));
    }
  }

  /// to[i][j] = from[j][i]. Each of log2(kRows) steps shuffles the vectors' elements like a deck of cards.
  static void transpose(W* to, int64_t toStride, const W* from, int64_t fromStride) {
    const D d;
    hn::Vec<D> x[kRows], shuffled[kRows];
    for (int64_t i = 0; i < kRows; ++i) x[i] = load(d, from + i * fromStride, kRows * fromStride);
    for (int64_t step = 1; step < kRows; step *= 2) {
      for (int64_t i = 0; i < kRows / 2; ++i) {
        shuffled[2 * i] = hn::InterleaveLower(d, x[i], x[i + kRows / 2]);
        shuffled[2 * i + 1] = hn::InterleaveUpper(d, x[i], x[i + kRows / 2]);
      }
      std::copy_n(shuffled, kRows, x);
    }
    for (int64_t i = 0; i < kRows; ++i) hn::StoreU(x[i], d, to + i * toStride);
  }
};

/// to[i][j] = from[j][i]. The last blocks overlap their neighbours instead of leaving a remainder.
template <class W>
void copyTile(W* to, int64_t toStride, const W* from, int64_t fromStride, int64_t rows, int64_t columns) {
  constexpr int64_t kRows = Block<W>::kRows, kColumns = Block<W>::kColumns;
  if (rows < kRows || columns < kColumns) {
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) to[i * toStride + j] = from[j * fromStride + i];
    return;
  }
  for (int64_t block = 0; block < columns; block += kColumns) {
    const int64_t j = std::min(block, columns - kColumns);
    for (int64_t i = 0; i < rows; i += kRows) {
      const int64_t first = std::min(i, rows - kRows);
      Block<W>::transpose(to + first * toStride + j, toStride, from + j * fromStride + first, fromStride);
    }
  }
}

/// Tiles of the target. Tall, so that the source is read in runs that the processor fetches ahead; and
/// narrow, so that the lines that are written stay cached until they are full.
constexpr int64_t kTileRows = 256, kTileBytes = 256;

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
                    copyTile(target + i * to.stride(0) + j, to.stride(0), source + j * from.stride(1) + i,
                             from.stride(1), std::min(last - i, kTileRows), std::min(columns - j, kColumns));
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

void tileKernel(void* to, const void* from, int64_t fromRow, int64_t fromColumn, int64_t rows,
                int64_t columns, int64_t width) {
  if (fromRow == 0 && rows > 1) {
    tileKernel(to, from, 0, fromColumn, 1, columns, width);
    auto* target = static_cast<char*>(to);
    for (int64_t done = 1; done < rows; done *= 2)
      std::memcpy(target + done * columns * width, target,
                  static_cast<size_t>(std::min(done, rows - done) * columns * width));
    return;
  }
  visitWidth(width, [&]<class W>() {
    auto* target = static_cast<W*>(to);
    constexpr int64_t kWidth = sizeof(W);
    if (fromRow == kWidth && fromColumn % kWidth == 0)
      return copyTile(target, columns, static_cast<const W*>(from), fromColumn / kWidth, rows, columns);
    const auto* source = static_cast<const char*>(from);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        target[i * columns + j] = *reinterpret_cast<const W*>(source + i * fromRow + j * fromColumn);
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
  tileSlot.cpu = tileKernel;
}

}  // namespace cresset
