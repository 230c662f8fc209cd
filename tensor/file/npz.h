// NumPy's .npz files: zip archives of .npy members.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tensor/file/arrays.h"

namespace cresset::npz {

enum class Compression : uint8_t { Stored, Deflated };  // as of numpy.savez and numpy.savez_compressed

/// Whether a file that starts with these bytes is a zip archive; four are enough.
bool matches(std::string_view start);

/// The arrays of an archive by their names, without `.npy`, in the order of its directory; see npy::read for
/// the types. The archive is not trusted. Throws Error when a member is no .npy file, is encrypted or packed
/// by another method than deflate, claims more bytes than deflate can make of its packed ones, shares bytes
/// with another one, or fails its checksum.
arrays::NamedTensors load(const std::string& path);

/// Replaces the file at once, or leaves it as it was (see AtomicFile). The bytes depend on the arguments
/// alone. Throws Error when a name is there twice or is no UTF-8, and for a BFloat16 tensor.
void save(const std::string& path, const arrays::NamedTensors& tensors,
          Compression compression = Compression::Stored);

}  // namespace cresset::npz
