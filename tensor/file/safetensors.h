// Files of the safetensors format: tensors by name, and text about them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/file/File.h"
#include "tensor/file/arrays.h"

namespace cresset::safetensors {

struct Content {
  arrays::NamedTensors tensors;                               // in the order of their bytes
  std::vector<std::pair<std::string, std::string>> metadata;  // `__metadata__`, sorted by key
};

/// Whether a file that starts with these bytes can be one and can be no .t7 file; nine are enough.
bool matches(std::string_view start);

/// The tensors of a file. BOOL and U8 become Byte, I8 Char, I16 Short, I32 Int, I64 Long, F16 Half, BF16
/// BFloat16, F32 Float, F64 Double; U16 becomes Int, U32 Long, and U64 Long unless a value exceeds it. A size
/// of 0 gives an empty tensor, no size a tensor of one element. The file is not trusted. Throws Error for
/// other types, a header above 100 MB or with unknown or doubled keys, and for byte ranges that overlap,
/// leave gaps, disagree with type and shape, or do not end with the file. Source: the description of the
/// safetensors format.
Content read(File& file);
Content load(const std::string& path);
Content deserialize(std::string_view bytes);

/// Writes tensors in the order of their alignment and names; data start at a multiple of 8 bytes. An empty
/// tensor has the shape [0]. Throws Error when a name is there twice, is `__metadata__`, or is no UTF-8.
void write(File& file, const Content& content);
/// Replaces the file at once, or leaves it as it was (see AtomicFile).
void save(const std::string& path, const Content& content);

}  // namespace cresset::safetensors
