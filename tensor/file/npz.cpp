#include "tensor/file/npz.h"

#include <dlfcn.h>

#include <filesystem>

#include "tensor/Error.h"
#include "tensor/file/AtomicFile.h"
#include "tensor/file/npy.h"
#include "tensor/file/zip.h"

namespace cresset::npz {
namespace {

const ZipModule& zip() {
  static const ZipModule* const loaded = [] {
    Dl_info info;
    std::filesystem::path folder;
    if (dladdr(reinterpret_cast<const void*>(&zip), &info))
      folder = std::filesystem::path(info.dli_fname).parent_path();
    void* module = dlopen((folder / "libcresset_tensor_zip.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) fail("npz", {"cannot load the zip archives' module: ", dlerror()});
    return static_cast<const ZipModule*>(dlsym(module, "cresset_zip"));
  }();
  return *loaded;
}

}  // namespace

bool matches(std::string_view start) {
  return start.starts_with("PK\x03\x04") ||
         start.starts_with("PK\x05\x06");  // the latter when it has no member
}

arrays::NamedTensors load(const std::string& path) { return zip().load(path); }

void save(const std::string& path, const arrays::NamedTensors& tensors, Compression compression) {
  arrays::checkNames("npz", tensors);
  for (const auto& [name, x] : tensors) (void)npy::header(x);  // before a file is made
  AtomicFile target(path);
  zip().save(target.file(), tensors, compression);
  target.commit();
}

}  // namespace cresset::npz
