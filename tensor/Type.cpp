#include "tensor/Type.h"

#include <array>
#include <bit>

namespace cresset {
namespace {

struct TypeName {
  Type type;
  const char *prefix, *tensor, *storage;
};

#define CRESSET_TYPE_NAME(dtype, device, prefix) \
  { {DType::dtype, Device::device}, #prefix, "torch." #prefix "Tensor", "torch." #prefix "Storage" }
constexpr std::array<TypeName, size_t{2}* kDTypes> kTypeNames = {{
    CRESSET_TYPE_NAME(Byte, CPU, Byte),
    CRESSET_TYPE_NAME(Char, CPU, Char),
    CRESSET_TYPE_NAME(Short, CPU, Short),
    CRESSET_TYPE_NAME(Int, CPU, Int),
    CRESSET_TYPE_NAME(Long, CPU, Long),
    CRESSET_TYPE_NAME(Half, CPU, Half),
    CRESSET_TYPE_NAME(BFloat16, CPU, BFloat16),
    CRESSET_TYPE_NAME(Float, CPU, Float),
    CRESSET_TYPE_NAME(Double, CPU, Double),
    CRESSET_TYPE_NAME(Byte, CUDA, CudaByte),
    CRESSET_TYPE_NAME(Char, CUDA, CudaChar),
    CRESSET_TYPE_NAME(Short, CUDA, CudaShort),
    CRESSET_TYPE_NAME(Int, CUDA, CudaInt),
    CRESSET_TYPE_NAME(Long, CUDA, CudaLong),
    CRESSET_TYPE_NAME(Half, CUDA, CudaHalf),
    CRESSET_TYPE_NAME(BFloat16, CUDA, CudaBFloat16),
    CRESSET_TYPE_NAME(Float, CUDA, Cuda),
    CRESSET_TYPE_NAME(Double, CUDA, CudaDouble),
}};
#undef CRESSET_TYPE_NAME

const TypeName& names(Type type) {
  return kTypeNames[static_cast<size_t>(type.dtype) + (type.device == Device::CUDA ? kDTypes : 0)];
}

bool parse(std::string_view name, const char* TypeName::*field, Type& type) {
  for (const TypeName& entry : kTypeNames) {
    if (name == entry.*field) {
      type = entry.type;
      return true;
    }
  }
  return false;
}

}  // namespace

const char* typePrefix(Type type) { return names(type).prefix; }
const char* tensorTypeName(Type type) { return names(type).tensor; }
const char* storageTypeName(Type type) { return names(type).storage; }
bool parseTensorType(std::string_view name, Type& type) { return parse(name, &TypeName::tensor, type); }
bool parseStorageType(std::string_view name, Type& type) { return parse(name, &TypeName::storage, type); }

std::string toString(TypeSet set) {
  constexpr const char* kNames[kDTypes] = {"byte", "char",     "short", "int",   "long",
                                           "half", "bfloat16", "float", "double"};
  std::string text;
  for (int i = 0; i < kDTypes; ++i) {
    if (!contains(set, static_cast<DType>(i))) continue;
    if (!text.empty()) text += '+';
    text += kNames[i];
  }
  return text;
}

float toFloat(BFloat16 value) { return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16); }

BFloat16 toBFloat16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return {static_cast<uint16_t>((bits >> 16) | 0x40u)};  // quiet NaN
  return {static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

float toFloat(Half value) {
  const uint32_t sign = static_cast<uint32_t>(value.bits & 0x8000u) << 16;
  const uint32_t exponent = (value.bits >> 10) & 0x1fu;
  const uint32_t mantissa = value.bits & 0x3ffu;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;  // zero or subnormal
  return sign ? -magnitude : magnitude;
}

Half toHalf(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint16_t sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return {static_cast<uint16_t>(sign | 0x7e00u)};   // NaN
  if (magnitude >= 0x477ff000u) return {static_cast<uint16_t>(sign | 0x7c00u)};  // rounds beyond 65504
  if (magnitude < 0x38800000u) {  // subnormal or zero: let the float adder round at 2^-24
    const float aligned = std::bit_cast<float>(magnitude) + 0.5f;
    return {static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(aligned) - 0x3f000000u))};
  }
  const uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1u) - (112u << 23);
  return {static_cast<uint16_t>(sign | (rounded >> 13))};
}

}  // namespace cresset
