// From a runtime type to compiled code: `visit` picks the element type, `Slot` the device.
#pragma once

#include <cmath>
#include <type_traits>
#include <utility>

#include "tensor/Error.h"
#include "tensor/Tensor.h"
#include "tensor/Type.h"

namespace cresset {

[[noreturn]] void failNotAvailable(const char* op, Type type);

/// Calls `body.template operator()<T>()` for the element type T of `type`; throws when `set` does not contain
/// it. Only the types in `set` are instantiated.
template <TypeSet set, class Body> auto visit(const char* op, Type type, Body&& body) {
  using R = decltype(std::forward<Body>(body)
                         .template operator()<std::conditional_t<
                             contains(set, DType::Float), float,
                             std::conditional_t<contains(set, DType::Byte), uint8_t, int64_t>>>());
#define CRESSET_VISIT(dtype, T)                                                      \
  case DType::dtype:                                                                 \
    if constexpr (contains(set, DType::dtype)) return body.template operator()<T>(); \
    break;
  switch (type.dtype) {
    CRESSET_VISIT(Byte, uint8_t)
    CRESSET_VISIT(Char, int8_t)
    CRESSET_VISIT(Short, int16_t)
    CRESSET_VISIT(Int, int32_t)
    CRESSET_VISIT(Long, int64_t)
    CRESSET_VISIT(Half, Half)
    CRESSET_VISIT(BFloat16, BFloat16)
    CRESSET_VISIT(Float, float)
    CRESSET_VISIT(Double, double)
  }
#undef CRESSET_VISIT
  failNotAvailable(op, type);
  return R();  // unreachable
}

/// Fills the CPU slots of this library with the kernels compiled for this processor. Called by the first
/// operation.
void loadTensorKernels();

/// One kernel: a function for each device. CPU sources and the CUDA plugin fill it when they are loaded.
template <class Function> class Slot {
 public:
  /// `load` fills the CPU side of a library's slots; each library has its own kernels.
  constexpr explicit Slot(const char* op, void (*load)() = loadTensorKernels) : op_(op), load_(load) {}
  Function* cpu = nullptr;
  Function* cuda = nullptr;

  /// The kernel for `type`'s device. Throws `op: not available for torch.CudaLongTensor` when there is none.
  Function* on(Type type) const {
    Function* kernel = type.device == Device::CPU ? cpu : cuda;
    if (kernel) [[likely]]
      return kernel;
    if (type.device == Device::CPU) {
      load_();
      if (cpu) return cpu;
    }
    failNotAvailable(op_, type);
  }
  Function* on(const Tensor& x) const { return on(x.type()); }
  const char* op() const { return op_; }

 private:
  const char* op_;
  void (*load_)();
};

/// The value of an element as a double, as Lua reads it.
template <class T> double toDouble(T value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return static_cast<double>(value);
  } else {
    return static_cast<double>(toFloat(value));
  }
}

/// Torch7's conversion of a Lua number: integers truncate toward zero, then wrap; a NaN or infinity becomes
/// 0.
template <class T> T fromDouble(double value) {
  if constexpr (std::is_same_v<T, Half>) {
    return toHalf(static_cast<float>(value));
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return toBFloat16(static_cast<float>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    if (value >= -9.2e18 && value <= 9.2e18) return static_cast<T>(static_cast<int64_t>(value));
    if (std::isnan(value)) return 0;
    // Outside int64 the integer part modulo 2^64, so that 2^63 wraps as C's unsigned conversion would.
    const double wrapped = std::fmod(std::trunc(value), 18446744073709551616.0);
    return std::isfinite(wrapped) ? static_cast<T>(static_cast<uint64_t>(wrapped < 0 ? -wrapped : wrapped) *
                                                   (wrapped < 0 ? -1ULL : 1ULL))
                                  : T(0);
  }
}

}  // namespace cresset
