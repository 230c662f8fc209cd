// Which form of .t7 a file has, or what it is instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tensor/file/File.h"

namespace cresset::t7 {

/// How to read a stream of objects.
enum class Mode : uint8_t {
  Auto,    // find out: binary of either byte order and either long size, or ascii
  Binary,  // native byte order, 8-byte longs
  Ascii,
  B32,  // binary with 4-byte longs
  B64   // binary with 8-byte longs
};

/// Looks at the first bytes, takes none, and sets the file to ascii or binary and to the byte order it has.
/// Throws Error for what is no .t7 file, and says what it seems to be: an HTML page, a zip archive, an image,
/// ...
void detectFormat(File& file);

/// Whether a file that starts with these bytes can be a .t7 file: its first object has a type that exists.
bool matches(std::string_view start);

/// 4 or 8: the bytes of a long in a binary file whose position is at the number of dimensions of a tensor.
/// Only one of both makes the geometry plausible and is followed by a storage.
int64_t guessLongSizeOfTensor(File& file);
/// The same at the size of a storage: only one lets the elements end where another object starts or the file
/// ends.
int64_t guessLongSizeOfStorage(File& file, DType type);

/// Bytes for a message: what is no printable ASCII becomes `\x1b`.
std::string printable(std::string_view bytes);

}  // namespace cresset::t7
