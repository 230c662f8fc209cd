// NumPy's .npy files: one array each.
#pragma once

#include <string>
#include <string_view>

#include "tensor/Tensor.h"
#include "tensor/file/File.h"

namespace cresset::npy {

/// Whether a file that starts with these bytes is one; six are enough.
bool matches(std::string_view start);

/// The array at the position of a file, as a contiguous tensor; the position is behind it afterwards.
///
/// Versions 1.0, 2.0 and 3.0; either byte order; C and Fortran order. bool and uint8 become Byte, int8 Char,
/// int16 Short, int32 Int, int64 Long, float16 Half, float32 Float, float64 Double; uint16 becomes Int,
/// uint32 Long, and uint64 Long unless a value exceeds it. A size of 0 gives an empty tensor, no dimension a
/// tensor of one element. The file is not trusted. Throws Error for other types (complex, strings, records,
/// Python objects), more than 64 dimensions, a header that is damaged or longer than 64 KiB, and too few
/// elements. Source: NumPy's format description (numpy.lib.format).
Tensor read(File& file);
/// The first array of a file.
Tensor load(const std::string& path);
Tensor deserialize(std::string_view bytes);

/// What stands before the elements of such a tensor, in version 1.0, C order and this machine's byte order.
/// An empty tensor has the shape (0,). Throws Error for BFloat16, which NumPy lacks.
std::string header(const Tensor& x);
/// Writes an array at the position of a file.
void write(File& file, const Tensor& x);
/// Replaces the file at once, or leaves it as it was (see AtomicFile).
void save(const std::string& path, const Tensor& x);

}  // namespace cresset::npy
