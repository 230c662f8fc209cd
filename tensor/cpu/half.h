// Half and BFloat16 on the CPU. They are stored and not computed in: the kernel that a slot has for float
// serves them too. `elementsInFloat` and `wholeInFloat` put a function in front of a slot's kernel that
// converts its operands to float, runs it, and rounds the result to nearest even. No kernel is compiled for
// these types, and none knows of them.
#pragma once

#include <algorithm>
#include <bit>
#include <tuple>
#include <type_traits>
#include <utility>

#ifdef __F16C__
#include <immintrin.h>
#endif

#include "tensor/Tensor.h"
#include "tensor/cpu/loop.h"
#include "tensor/dispatch.h"

namespace cresset::half {

// Conversions of n numbers. NaN stays NaN.

inline void convert(const BFloat16* from, float* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = std::bit_cast<float>(static_cast<uint32_t>(from[i].bits) << 16);
}

inline void convert(const float* from, BFloat16* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<uint32_t>(from[i]);
    const uint32_t rounded = bits + 0x7fffu + (bits >> 16 & 1u);
    to[i].bits = static_cast<uint16_t>((from[i] != from[i] ? 0x7fc00000u : rounded) >> 16);
  }
}

#ifdef __F16C__

#ifdef __AVX512F__
constexpr __mmask16 kAll = 0xffff;  // without a mask, GCC 12 warns of its own header
#endif

inline void convert(const Half* from, float* to, int64_t n) {
  int64_t i = 0;
#ifdef __AVX512F__
  for (; i + 16 <= n; i += 16)
    _mm512_storeu_ps(
        to + i, _mm512_maskz_cvtph_ps(kAll, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + i))));
#endif
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
  for (; i < n; ++i) to[i] = _cvtsh_ss(from[i].bits);
}

inline void convert(const float* from, Half* to, int64_t n) {
  int64_t i = 0;
#ifdef __AVX512F__
  for (; i + 16 <= n; i += 16)
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + i),
                        _mm512_maskz_cvtps_ph(kAll, _mm512_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT));
#endif
  for (; i + 8 <= n; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i),
                     _mm256_cvtps_ph(_mm256_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT));
  for (; i < n; ++i) to[i].bits = _cvtss_sh(from[i], _MM_FROUND_TO_NEAREST_INT);
}

#else  // by bits and without branches, so that the compiler vectorises

inline void convert(const Half* from, float* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t magnitude = (from[i].bits & 0x7fffu) << 13, sign = (from[i].bits & 0x8000u) << 16;
    // The exponents differ by 112; the multiplication also makes subnormals normal.
    const auto scaled = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112f);
    const uint32_t special = magnitude >= 0x0f800000u ? 0x7f800000u : 0u;  // infinity and NaN
    to[i] = std::bit_cast<float>(sign | scaled | special);
  }
}

inline void convert(const float* from, Half* to, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<int32_t>(from[i]);
    const int32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    const int32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112 << 23)) >> 13;
    // Of a subnormal result, the float adder rounds at 2^-24.
    const int32_t small = std::bit_cast<int32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000;
    // Masks: a condition would keep the addition, which may trap, out of vectors.
    const int32_t isSmall = -(magnitude < 0x38800000), isNan = -(magnitude > 0x7f800000);
    const int32_t isInfinite = -(magnitude >= 0x477ff000);  // or NaN; from here on rounds beyond 65504
    const int32_t result = (small & isSmall) | (normal & ~isSmall & ~isInfinite);
    to[i].bits = static_cast<uint16_t>(sign | result | (isInfinite & 0x7c00) | (isNan & 0x200));
  }
}

#endif

inline bool isHalf(const Tensor& x) { return x && contains(Halves, x.dtype()); }

/// Elements converted at a time: four operands stay in the first-level cache.
inline constexpr int64_t kPart = 2048;

/// A float tensor in the place of a part of a contiguous operand. One that is not half is seen directly; nil
/// stays nil.
class Part {
 public:
  Tensor value;
  void seek(const Tensor& x, int64_t first, int64_t n) {
    if (!x) return;
    if (!isHalf(x))
      value = Tensor(x.storage(), x.storageOffset() + first, {n});
    else if (!value)
      value = Tensor(kFloat, {n});
    else if (value.size(0) != n)
      value.resize({n});
  }
  void read(const Tensor& x, int64_t first, int64_t n) {
    seek(x, first, n);
    if (!isHalf(x)) return;
    if (x.dtype() == DType::Half)
      convert(x.data<Half>() + first, value.data<float>(), n);
    else
      convert(x.data<BFloat16>() + first, value.data<float>(), n);
  }
  void write(const Tensor& x, int64_t first, int64_t n) const {
    if (!isHalf(x)) return;
    if (x.dtype() == DType::Half)
      convert(value.data<float>(), x.data<Half>() + first, n);
    else
      convert(value.data<float>(), x.data<BFloat16>() + first, n);
  }
};

/// The tensors among a kernel's arguments, in their order.
struct Tensors {
  int count = 0;
  const Tensor* tensor[kMaxOperands];

  void add(const Tensor& x) { tensor[count++] = &x; }
  template <class A> void add(const A&) {}
  bool anyHalf() const {
    return std::any_of(tensor, tensor + count, [](const Tensor* x) { return isHalf(*x); });
  }
  bool allContiguous() const {
    return std::all_of(tensor, tensor + count, [](const Tensor* x) { return !*x || x->isContiguous(); });
  }
};

/// Calls a kernel with other tensors in the places of its own.
using Call = void (*)(const Tensor* const* standIns, void* arguments);

/// Converts whole tensors; with `kWrites` the first one back.
template <bool kWrites> void callWhole(const Tensors& operands, Call call, void* arguments) {
  Tensor standIn[kMaxOperands];
  const Tensor* pointers[kMaxOperands];
  for (int k = 0; k < operands.count; ++k) {
    const Tensor& x = *operands.tensor[k];
    pointers[k] = &x;
    if (!isHalf(x)) continue;
    // Matrix products want a unit stride where the operand has it.
    const bool columns = x.dim() == 2 && x.stride(0) == 1 && x.stride(1) != 1;
    standIn[k] = columns ? x.t().to(kFloat).t() : x.to(kFloat);
    pointers[k] = &standIn[k];
  }
  call(pointers, arguments);
  if (kWrites && isHalf(*operands.tensor[0])) operands.tensor[0]->copy(standIn[0]);
}

/// Converts part after part, and the first one back. All tensors have one number of elements.
inline void callInParts(const Tensors& operands, Call call, void* arguments) {
  if (!operands.allContiguous()) return callWhole<true>(operands, call, arguments);
  parallelFor(operands.tensor[0]->nElement(), kGrain / 2, [&](int64_t begin, int64_t end) {
    Part part[kMaxOperands];
    const Tensor* pointers[kMaxOperands];
    for (int k = 0; k < operands.count; ++k) pointers[k] = &part[k].value;
    // A half result takes the place of a half operand, for fewer bytes in the cache.
    const Tensor& result = *operands.tensor[0];
    const bool inPlace = operands.count > 1 && isHalf(result) && isHalf(*operands.tensor[1]);
    Part& written = part[inPlace ? 1 : 0];
    pointers[0] = &written.value;
    for (int64_t i = begin; i < end; i += kPart) {
      const int64_t n = std::min(kPart, end - i);
      if (!inPlace) written.seek(result, i, n);
      for (int k = 1; k < operands.count; ++k) part[k].read(*operands.tensor[k], i, n);
      call(pointers, arguments);
      written.write(result, i, n);
    }
  });
}

/// What stands in front of a slot's kernel. Its arguments are tensors and others, which pass as they are.
template <auto& slot, class Function = std::remove_pointer_t<decltype(slot.cpu)>> struct InFloat;
template <auto& slot, class R, class... A> struct InFloat<slot, R(A...)> {
  static inline R (*kernel)(A...) = nullptr;

  static R whole(A... a) {
    const Tensors operands = tensorsOf(a...);
    if (!operands.anyHalf()) return kernel(a...);
    Arguments arguments{{a...}};
    callWhole<std::is_void_v<R>>(operands, call, &arguments);
    if constexpr (!std::is_void_v<R>) return arguments.number;
  }
  static void elements(A... a) {
    const Tensors operands = tensorsOf(a...);
    if (!operands.anyHalf()) return kernel(a...);
    Arguments arguments{{a...}};
    callInParts(operands, call, &arguments);
  }

 private:
  struct Arguments {
    std::tuple<A...> values;
    double number = 0;  // what a kernel returned
  };
  static Tensors tensorsOf(const A&... a) {
    Tensors tensors;
    (tensors.add(a), ...);
    return tensors;
  }
  /// The next stand-in for a tensor, the argument itself for others.
  static const Tensor& next(const Tensor* const*& standIns, const Tensor&) { return **standIns++; }
  template <class T> static T& next(const Tensor* const*&, T& argument) { return argument; }

  static void call(const Tensor* const* standIns, void* pointer) {
    auto& arguments = *static_cast<Arguments*>(pointer);
    std::apply(
        [&](auto&... a) {
          // In braces, because the order counts.
          const std::tuple<decltype(next(standIns, a))...> replaced{next(standIns, a)...};
          if constexpr (std::is_void_v<R>) {
            std::apply(kernel, replaced);
          } else {
            arguments.number = std::apply(kernel, replaced);
          }
        },
        arguments.values);
  }
};

/// For a kernel whose result, its first argument, is computed from the same element of each other operand:
/// converts parts that stay in the cache.
template <auto& slot> void elementsInFloat() {
  InFloat<slot>::kernel = std::exchange(slot.cpu, InFloat<slot>::elements);
}

/// For a kernel that returns a number or writes to its first argument, whatever it writes to tensors of other
/// types: converts whole tensors.
template <auto& slot> void wholeInFloat() {
  InFloat<slot>::kernel = std::exchange(slot.cpu, InFloat<slot>::whole);
}

}  // namespace cresset::half
