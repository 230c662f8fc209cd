// What the module that is linked with libzip gives: libcresset_tensor_zip.so. The first archive loads it, for
// libzip and the libraries behind it would slow down every start.
#pragma once

#include <string>

#include "tensor/file/DiskFile.h"
#include "tensor/file/npz.h"

namespace cresset::npz {

struct ZipModule {
  arrays::NamedTensors (*load)(const std::string& path);
  void (*save)(DiskFile& to, const arrays::NamedTensors& tensors, Compression compression);
};

}  // namespace cresset::npz

/// The symbol of the module.
extern "C" const cresset::npz::ZipModule cresset_zip;
