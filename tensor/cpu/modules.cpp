#include "tensor/cpu/modules.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>

#include "tensor/Error.h"
#include "tensor/dispatch.h"

namespace cresset {
namespace {

constexpr const char* kLevels[] = {"v4", "v3", "v2"};  // best first

bool processorHas(std::string_view level) {
  if (level == "v4") return __builtin_cpu_supports("x86-64-v4");
  if (level == "v3") return __builtin_cpu_supports("x86-64-v3");
  return level == "v2" && __builtin_cpu_supports("x86-64-v2");
}

std::filesystem::path libraryFolder() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void*>(&loadCpuModule), &info))
    fail("cresset", {"cannot find its own library"});
  return std::filesystem::path(info.dli_fname).parent_path();
}

std::string modulePath(const char* library, const char* level) {
  return (libraryFolder() / (std::string("libcresset_") + library + "_cpu_" + level + ".so")).string();
}

}  // namespace

const char* isaLevel() {
  static const char* const level = []() -> const char* {
    const char* wanted = std::getenv("CRESSET_ISA");
    for (const char* candidate : kLevels) {
      if (wanted && *wanted && std::strcmp(wanted, candidate) != 0) continue;
      if (processorHas(candidate) && access(modulePath("tensor", candidate).c_str(), R_OK) == 0)
        return candidate;
    }
    if (wanted && *wanted)
      fail("CRESSET_ISA",
           {"level ", wanted, " is not usable: expected v2, v3 or v4, built and known to this processor"});
    fail("cresset", {"no CPU kernels beside ", libraryFolder().string(), " that this processor can run"});
  }();
  return level;
}

void loadCpuModule(const char* library) {
  static std::mutex mutex;
  static std::set<std::string> loaded;
  const std::lock_guard lock(mutex);
  if (loaded.contains(library)) return;  // by another thread, which may compute with the kernels already
  const std::string path = modulePath(library, isaLevel());
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module) fail("cresset", {"cannot load CPU kernels: ", dlerror()});
  using Fill = void();
  const std::string symbol = std::string("cresset_fill_") + library;
  auto* fill = reinterpret_cast<Fill*>(dlsym(module, symbol.c_str()));
  if (!fill) fail("cresset", {"no ", symbol, " in ", path});
  fill();
  loaded.insert(library);
}

void loadTensorKernels() { loadCpuModule("tensor"); }

}  // namespace cresset
