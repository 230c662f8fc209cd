#include "tensor/file/numbers.h"

#include <charconv>
#include <cstring>
#include <limits>
#include <system_error>

#include "tensor/dispatch.h"

namespace cresset::numbers {
namespace {

template <class T> int64_t parseInteger(std::string_view text, T* to) {
  const std::from_chars_result result = std::from_chars(text.begin(), text.end(), *to);
  return result.ec == std::errc() ? result.ptr - text.begin() : 0;
}

// from_chars refuses what strtod rounds to 0 or infinity.
template <class T> T beyondRange(std::string_view number) {
  const bool negative = number.front() == '-';
  bool small = false;
  const size_t exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    small = number[exponent + 1] == '-';
  } else {
    small = number.substr(negative ? 1 : 0, 2) == "0.";
  }
  const T magnitude = small ? T(0) : std::numeric_limits<T>::infinity();
  return negative ? -magnitude : magnitude;
}

template <class T> int64_t parseDecimal(std::string_view text, T* to) {
  const std::from_chars_result result = std::from_chars(text.begin(), text.end(), *to);
  const int64_t used = result.ptr - text.begin();
  if (result.ec == std::errc::result_out_of_range) {
    *to = beyondRange<T>(text.substr(0, static_cast<size_t>(used)));
    return used;
  }
  return result.ec == std::errc() ? used : 0;
}

template <class T> int64_t parseAs(std::string_view text, T* to) {
  if constexpr (std::is_integral_v<T>) {
    return parseInteger(text, to);
  } else if constexpr (std::is_floating_point_v<T>) {
    return parseDecimal(text, to);
  } else {
    float value = 0;
    const int64_t used = parseDecimal(text, &value);
    if (used == 0) return 0;
    if constexpr (std::is_same_v<T, Half>) {
      *to = toHalf(value);
    } else {
      *to = toBFloat16(value);
    }
    return used;
  }
}

int64_t printDecimal(double value, int digits, char* to) {
  return std::to_chars(to, to + kMaxText, value, std::chars_format::general, digits).ptr - to;
}

template <class T> int64_t printAs(T value, char* to) {
  if constexpr (std::is_integral_v<T>) {
    return std::to_chars(to, to + kMaxText, value).ptr - to;
  } else {
    constexpr int kDigits = std::is_same_v<T, double> ? 17 : 9;  // enough to read back the same bits
    return printDecimal(toDouble(value), kDigits, to);
  }
}

template <class T, class Swap> void swapEach(void* data, int64_t n, Swap swap) {
  auto* bytes = static_cast<char*>(data);
  for (int64_t i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, bytes + i * static_cast<int64_t>(sizeof(T)), sizeof value);
    value = static_cast<T>(swap(value));
    std::memcpy(bytes + i * static_cast<int64_t>(sizeof(T)), &value, sizeof value);
  }
}

}  // namespace

int64_t parse(DType type, std::string_view text, void* to) {
  // scanf takes a plus sign, from_chars does not.
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  if (plus) text.remove_prefix(1);
  const int64_t used = visit<AllTypes>("parse", Type{type, Device::CPU},
                                       [&]<class T>() { return parseAs(text, static_cast<T*>(to)); });
  return used + (plus && used > 0 ? 1 : 0);
}

int64_t print(DType type, const void* from, char* to) {
  return visit<AllTypes>("print", Type{type, Device::CPU},
                         [&]<class T>() { return printAs(*static_cast<const T*>(from), to); });
}

void swapBytes(void* data, int64_t n, int64_t size) {
  if (size == 2) swapEach<uint16_t>(data, n, [](uint16_t x) { return __builtin_bswap16(x); });
  if (size == 4) swapEach<uint32_t>(data, n, [](uint32_t x) { return __builtin_bswap32(x); });
  if (size == 8) swapEach<uint64_t>(data, n, [](uint64_t x) { return __builtin_bswap64(x); });
}

void widen(const void* from, int64_t n, int64_t* to) {
  const auto* bytes = static_cast<const char*>(from);
  for (int64_t i = 0; i < n; ++i) {
    int32_t value;
    std::memcpy(&value, bytes + 4 * i, sizeof value);
    to[i] = value;
  }
}

void narrow(const int64_t* from, int64_t n, void* to) {
  auto* bytes = static_cast<char*>(to);
  for (int64_t i = 0; i < n; ++i) {
    const auto value = static_cast<int32_t>(from[i]);
    std::memcpy(bytes + 4 * i, &value, sizeof value);
  }
}

}  // namespace cresset::numbers
