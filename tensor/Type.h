// The type of a tensor: element type x device. The GPU is just another type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cresset {

enum class DType : uint8_t { Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double };
enum class Device : uint8_t { CPU, CUDA };

inline constexpr int kDTypes = 9;

/// IEEE 754 binary16, stored only: arithmetic happens in float.
struct Half {
  uint16_t bits;
};

/// The upper half of an IEEE 754 binary32, stored only: arithmetic happens in float.
struct BFloat16 {
  uint16_t bits;
};

float toFloat(Half value);
float toFloat(BFloat16 value);
/// Rounds to nearest, ties to even; overflow becomes infinity.
Half toHalf(float value);
BFloat16 toBFloat16(float value);

struct Type {
  DType dtype = DType::Double;
  Device device = Device::CPU;
  friend bool operator==(Type, Type) = default;
};

inline constexpr Type kByte{DType::Byte}, kChar{DType::Char}, kShort{DType::Short}, kInt{DType::Int},
    kLong{DType::Long}, kHalf{DType::Half}, kBFloat16{DType::BFloat16}, kFloat{DType::Float},
    kDouble{DType::Double};

/// Bytes of one element.
constexpr int64_t elementSize(DType dtype) {
  constexpr int64_t sizes[kDTypes] = {1, 1, 2, 4, 8, 2, 2, 4, 8};
  return sizes[static_cast<int>(dtype)];
}

/// `Float` for float on the CPU, `Cuda` for float and `CudaDouble` for double on the GPU: Torch7's prefixes.
const char* typePrefix(Type type);
/// `torch.FloatTensor`, `torch.CudaDoubleTensor`, ...
const char* tensorTypeName(Type type);
/// `torch.FloatStorage`, ...
const char* storageTypeName(Type type);
/// The inverse of tensorTypeName and storageTypeName; false when `name` is neither.
bool parseTensorType(std::string_view name, Type& type);
bool parseStorageType(std::string_view name, Type& type);

/// A set of element types, as the op table writes it.
using TypeSet = uint16_t;
constexpr TypeSet bit(DType dtype) { return static_cast<TypeSet>(1u << static_cast<int>(dtype)); }
constexpr bool contains(TypeSet set, DType dtype) { return (set & bit(dtype)) != 0; }

inline constexpr TypeSet Floating = bit(DType::Float) | bit(DType::Double);
inline constexpr TypeSet Integer =
    bit(DType::Byte) | bit(DType::Char) | bit(DType::Short) | bit(DType::Int) | bit(DType::Long);
/// Every type that kernels compute in.
inline constexpr TypeSet Real = Integer | Floating;
/// The types that are stored only. Whatever operates on float operates on these, in float: the op table adds
/// them to every set that has float, and tensor/cpu/half.h to the kernels.
inline constexpr TypeSet Halves = bit(DType::Half) | bit(DType::BFloat16);
/// Types with `abs`.
inline constexpr TypeSet Absolute = Floating | bit(DType::Int) | bit(DType::Long);
inline constexpr TypeSet ByteOnly = bit(DType::Byte);
inline constexpr TypeSet AllTypes = Real | Halves;
/// In the set of a row of the op table: what works on float does not serve half and bfloat16 too.
inline constexpr TypeSet NotHalves = 1u << 15;

/// `byte+char+short`, for messages and the JSON dump.
std::string toString(TypeSet set);

template <class T> struct DTypeOf;
template <> struct DTypeOf<uint8_t> { static constexpr DType value = DType::Byte; };
template <> struct DTypeOf<int8_t> { static constexpr DType value = DType::Char; };
template <> struct DTypeOf<int16_t> { static constexpr DType value = DType::Short; };
template <> struct DTypeOf<int32_t> { static constexpr DType value = DType::Int; };
template <> struct DTypeOf<int64_t> { static constexpr DType value = DType::Long; };
template <> struct DTypeOf<Half> { static constexpr DType value = DType::Half; };
template <> struct DTypeOf<BFloat16> { static constexpr DType value = DType::BFloat16; };
template <> struct DTypeOf<float> { static constexpr DType value = DType::Float; };
template <> struct DTypeOf<double> { static constexpr DType value = DType::Double; };
template <class T> inline constexpr DType dtypeOf = DTypeOf<T>::value;

}  // namespace cresset
