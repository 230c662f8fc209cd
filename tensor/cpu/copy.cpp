// CPU kernels that move elements: fill, copy and conversion between every pair of types.
#include "tensor/ops/copy.h"

#include <algorithm>
#include <cstring>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/map.h"
#include "tensor/cpu/width.h"

namespace cresset {
namespace {

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

/// A matrix whose rows are columns of the other: both are walked in square tiles, so that every cache line
/// that is loaded is used up before it leaves the first-level cache.
bool isTransposition(const Tensor& to, const Tensor& from) {
  return to.dim() == 2 && to.stride(1) == 1 && from.stride(0) == 1 && to.size(0) > 1 && to.size(1) > 1;
}

template <class W> void copyTransposed(const Tensor& to, const Tensor& from) {
  constexpr int64_t kTile = 128 / sizeof(W);  // two cache lines
  const int64_t rows = to.size(0), columns = to.size(1), toStride = to.stride(0), fromStride = from.stride(1);
  W* const target = to.data<W>();
  const W* const source = from.data<W>();
  const int64_t bands = (rows + kTile - 1) / kTile;
  parallelFor(bands, std::max<int64_t>(1, kGrain / (kTile * columns)), [&](int64_t begin, int64_t end) {
    for (int64_t i0 = begin * kTile; i0 < std::min(rows, end * kTile); i0 += kTile) {
      const int64_t i1 = std::min(rows, i0 + kTile);
      for (int64_t j0 = 0; j0 < columns; j0 += kTile) {
        const int64_t j1 = std::min(columns, j0 + kTile);
        for (int64_t i = i0; i < i1; ++i)
          for (int64_t j = j0; j < j1; ++j) target[i * toStride + j] = source[j * fromStride + i];
      }
    }
  });
}

void copyKernel(const Tensor& to, const Tensor& from) {
  if (to.dtype() == from.dtype()) {
    if (to.isContiguous() && from.isContiguous()) {
      const int64_t size = elementSize(to.dtype());
      auto* target = static_cast<char*>(to.data());
      const auto* source = static_cast<const char*>(from.data());
      return parallelFor(to.nElement(), kGrain * 4, [&](int64_t begin, int64_t end) {
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
