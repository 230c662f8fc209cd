#include "tensor/cuda/plugin.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include "tensor/Error.h"

namespace cresset::cuda {
namespace {

namespace fs = std::filesystem;

fs::path libraryFolder() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void*>(&plugin), &info))
    fail("cutorch", {"cannot find Cresset's own library"});
  return fs::path(info.dli_fname).parent_path();
}

/// The name at the start of the loader's `libcublas.so.13: cannot open shared object file: ...`; empty for
/// other complaints.
std::string missingLibrary(const std::string& complaint) {
  const size_t colon = complaint.find(':');
  const bool missing = complaint.find("cannot open shared object file") != std::string::npos;
  return missing && colon != std::string::npos ? complaint.substr(0, colon) : std::string();
}

/// Loads a library of the toolkit from where toolkits stand when the loader's own search has not found it.
bool loadFromToolkit(const std::string& library) {
  std::vector<fs::path> toolkits;
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH"})
    if (const char* value = std::getenv(variable)) toolkits.emplace_back(value);
  toolkits.insert(toolkits.end(), {"/usr/local/cuda", "/opt/cuda"});
  for (const fs::path& toolkit : toolkits)
    for (const char* folder : {"lib64", "lib"})
      if (dlopen((toolkit / folder / library).c_str(), RTLD_NOW | RTLD_GLOBAL)) return true;
  return false;
}

void* openPlugin(const std::string& path) {
  if (access(path.c_str(), R_OK) != 0)
    fail("cutorch", {"this build of Cresset has no CUDA plugin (", path,
                     " is not there); build it with the CUDA toolkit installed and -DCRESSET_CUDA=ON"});
  for (std::string last;;) {
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    const std::string complaint = dlerror(), missing = missingLibrary(complaint);
    if (missing.empty()) fail("cutorch", {"cannot load the CUDA plugin: ", complaint});
    // Loading it helped only when the next complaint is another one.
    if (missing == last || !loadFromToolkit(missing))
      fail("cutorch",
           {"the CUDA plugin needs ", missing,
            ", which is not installed; install the CUDA toolkit or its runtime libraries, or add their "
            "folder to LD_LIBRARY_PATH"});
    last = missing;
  }
}

}  // namespace

const Plugin& plugin() {
  static std::mutex mutex;
  static const Plugin* loaded = nullptr;
  const std::lock_guard lock(mutex);
  if (!loaded) {
    const std::string path = (libraryFolder() / "libcresset_cuda.so").string();
    void* library = openPlugin(path);
    auto* fill = reinterpret_cast<CressetFillCuda*>(dlsym(library, "cresset_fill_cuda"));
    if (!fill) fail("cutorch", {"no cresset_fill_cuda in ", path});
    loaded = &fill();
  }
  return *loaded;
}

}  // namespace cresset::cuda
