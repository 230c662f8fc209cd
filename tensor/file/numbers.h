// Numbers as text and as bytes: the two encodings of a File.
#pragma once

#include <cstdint>
#include <string_view>

#include "tensor/Type.h"

namespace cresset::numbers {

/// More than any number needs that a file holds.
inline constexpr int kMaxText = 64;

/// Reads the number that `text` starts with into `*to`, an element of type `type`. Returns the characters
/// used; 0 when there is no number or an integer does not fit its type. A decimal that is too large becomes
/// infinity.
int64_t parse(DType type, std::string_view text, void* to);

/// Writes `*from`, an element of type `type`, to `to`, which has room for kMaxText characters: integers in
/// decimal, double as `%.17g`, the other floating types as `%.9g`. Returns the characters written.
int64_t print(DType type, const void* from, char* to);

/// Reverses the bytes of `n` elements of `size` bytes each.
void swapBytes(void* data, int64_t n, int64_t size);

/// Four-byte longs to int64 and back; the upper half is lost on the way back.
void widen(const void* from, int64_t n, int64_t* to);
void narrow(const int64_t* from, int64_t n, void* to);

}  // namespace cresset::numbers
