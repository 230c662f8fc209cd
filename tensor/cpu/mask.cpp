// CPU kernels of the masked operations. What goes where depends on the ones before: they are counted chunk by
// chunk, then each chunk knows where its share begins.
#include "tensor/ops/mask.h"

#include <cstring>
#include <type_traits>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"
#include "tensor/cpu/width.h"

namespace cresset {
namespace {

constexpr int64_t kChunk = 1 << 14;

/// Calls body(begin, end, before) for chunks of a contiguous mask; `before` counts the ones ahead of the
/// chunk.
template <class Body> void overChunks(const Tensor& mask, const Body& body) {
  const auto* m = mask.data<uint8_t>();
  const int64_t n = mask.nElement(), chunks = (n + kChunk - 1) / kChunk;
  if (chunks == 1) return body(int64_t{0}, n, int64_t{0});
  std::vector<int64_t> before(static_cast<size_t>(chunks) + 1);
  parallelFor(chunks, 4, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      int64_t ones = 0;
      for (int64_t i = c * kChunk; i < std::min(n, (c + 1) * kChunk); ++i) ones += m[i];
      before[static_cast<size_t>(c) + 1] = ones;
    }
  });
  for (size_t c = 1; c < before.size(); ++c) before[c] += before[c - 1];
  parallelFor(chunks, 2, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c)
      body(c * kChunk, std::min(n, (c + 1) * kChunk), before[static_cast<size_t>(c)]);
  });
}

/// Operands: x, mask. Context: the value.
template <class W> void fillRow(char* const* data, const int64_t* strides, int64_t n, const void* context) {
  const W value = *static_cast<const W*>(context);
  auto* mask = reinterpret_cast<const uint8_t*>(data[1]);
  if (strides[0] == sizeof(W) && strides[1] == 1) {
    auto* x = reinterpret_cast<W*>(data[0]);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) x[i] = mask[i] ? value : x[i];
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    if (mask[i * strides[1]]) *reinterpret_cast<W*>(data[0] + i * strides[0]) = value;
}

void maskedFillKernel(const Tensor& x, const Tensor& mask, double value) {
  uint64_t bits = 0;
  visit<AllTypes>("maskedFill", x.type(), [&]<class T>() {
    const T converted = fromDouble<T>(value);
    std::memcpy(&bits, &converted, sizeof converted);
  });
  visitWidth(x, [&]<class W>() {
    W low;  // the first bytes, whatever their meaning
    std::memcpy(&low, &bits, sizeof low);
    loop({&x, &mask}, fillRow<W>, &low);
  });
}

void maskedCopyKernel(const Tensor& x, const Tensor& mask, const Tensor& source) {
  visitWidth(x, [&]<class W>() {
    overChunks(mask, [&](int64_t begin, int64_t end, int64_t before) {
      const uint8_t* m = mask.data<uint8_t>();
      const W* from = static_cast<const W*>(source.data()) + before;
      W* to = static_cast<W*>(x.data());
      for (int64_t i = begin; i < end; ++i)
        if (m[i]) to[i] = *from++;
    });
  });
}

void maskedSelectKernel(const Tensor& x, const Tensor& mask, const Tensor& result) {
  visitWidth(x, [&]<class W>() {
    overChunks(mask, [&](int64_t begin, int64_t end, int64_t before) {
      const uint8_t* m = mask.data<uint8_t>();
      const W* from = static_cast<const W*>(x.data());
      W* to = static_cast<W*>(result.data()) + before;
      // Without a branch, which a random mask would make the processor guess wrong: every element is stored,
      // the ones move on. In a buffer, because the store after the last one belongs to the next chunk.
      constexpr int64_t kBlock = 512;
      W buffer[kBlock + 1];
      for (int64_t first = begin; first < end; first += kBlock) {
        int64_t count = 0;
        for (int64_t i = first; i < std::min(end, first + kBlock); ++i) {
          buffer[count] = from[i];
          count += m[i];
        }
        std::memcpy(to, buffer, static_cast<size_t>(count) * sizeof(W));
        to += count;
      }
    });
  });
}

void nonzeroKernel(const Tensor& result, const Tensor& mask) {
  const int64_t dims = mask.dim(), columns = mask.size(dims - 1);
  overChunks(mask, [&](int64_t begin, int64_t end, int64_t before) {
    const uint8_t* m = mask.data<uint8_t>();
    int64_t* to = result.data<int64_t>() + before * dims;
    int64_t row = -1;
    int64_t position[kMaxDims];  // of the row: all coordinates but the last
    for (int64_t i = begin; i < end; ++i) {
      if (!m[i]) continue;
      if (i / columns != row) {
        row = i / columns;
        int64_t rest = row;
        for (int64_t d = dims - 2; d >= 0; --d) {
          position[d] = rest % mask.size(d) + 1;
          rest /= mask.size(d);
        }
      }
      for (int64_t d = 0; d < dims - 1; ++d) *to++ = position[d];
      *to++ = i - row * columns + 1;
    }
  });
}

/// Operands: result, condition, x, y.
template <class W> void whereRow(char* const* data, const int64_t* strides, int64_t n, const void*) {
  constexpr int64_t kWidth = sizeof(W);
  const char *condition = data[1], *x = data[2], *y = data[3];
  const auto run = [&](auto stepX, auto stepY) {
    for (int64_t i = 0; i < n; ++i) {
      const W a = *reinterpret_cast<const W*>(x + i * stepX), b = *reinterpret_cast<const W*>(y + i * stepY);
      reinterpret_cast<W*>(data[0])[i] = condition[i] ? a : b;
    }
  };
  constexpr std::integral_constant<int64_t, kWidth> kNext;
  constexpr std::integral_constant<int64_t, 0> kSame;  // a number
  if (strides[0] == kWidth && strides[1] == 1) {
    if (strides[2] == kWidth && strides[3] == kWidth) return run(kNext, kNext);
    if (strides[2] == kWidth && strides[3] == 0) return run(kNext, kSame);
    if (strides[2] == 0 && strides[3] == kWidth) return run(kSame, kNext);
    if (strides[2] == 0 && strides[3] == 0) return run(kSame, kSame);
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<W*>(data[0] + i * strides[0]) =
        *reinterpret_cast<const W*>(condition[i * strides[1]] ? x + i * strides[2] : y + i * strides[3]);
}

void whereKernel(const Tensor& result, const Tensor& condition, const Tensor& x, const Tensor& y) {
  visitWidth(x, [&]<class W>() { loop({&result, &condition, &x, &y}, whereRow<W>, nullptr); });
}

}  // namespace

void fillMask() {
  maskedFillSlot.cpu = maskedFillKernel;
  maskedCopySlot.cpu = maskedCopyKernel;
  maskedSelectSlot.cpu = maskedSelectKernel;
  nonzeroSlot.cpu = nonzeroKernel;
  whereSlot.cpu = whereKernel;
}

}  // namespace cresset
