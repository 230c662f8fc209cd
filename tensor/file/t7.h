// Loading and saving .t7 files in C++: `t7::load("model.t7").root`.
#pragma once

#include <string>
#include <string_view>

#include "tensor/file/Document.h"
#include "tensor/file/format.h"

namespace cresset::t7 {

struct LoadOptions {
  Mode mode = Mode::Auto;
  bool referenced = true;
  bool cpu = false;  // CUDA tensors become CPU tensors also where there is a GPU, and without a notice
};

struct SaveOptions {
  Mode mode = Mode::Binary;  // Auto is Binary
  bool referenced = true;
};

/// `binary`, `ascii`, `b32`, `b64`, `auto`. Throws Error that quotes the allowed values.
Mode parseMode(std::string_view name);

/// Sets a file up for a mode; Auto looks at its first bytes. Throws Error when it is no .t7 file.
void prepareToRead(File& file, ObjectReader& reader, const LoadOptions& options);
void prepareToWrite(File& file, const SaveOptions& options);

/// The object in a file. The file is not trusted: see ObjectReader. Functions stay sealed.
/// Throws Error that names the file, the byte position, what was expected and what came.
Document load(const std::string& path, const LoadOptions& options = {});
/// Replaces the file at once, or leaves it as it was (see AtomicFile).
void save(const std::string& path, const Value& value, const SaveOptions& options = {});

/// The same bytes in memory.
Document deserialize(std::string_view bytes, const LoadOptions& options = {});
std::string serialize(const Value& value, const SaveOptions& options = {});

}  // namespace cresset::t7
