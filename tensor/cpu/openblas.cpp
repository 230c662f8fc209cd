#include "tensor/cpu/openblas.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tensor/Error.h"
#include "tensor/cpu/loop.h"
#include "tensor/ops/blas.h"

namespace cresset {
namespace {

std::atomic<bool> loaded{false};

/// Beside Cresset's own library first (the relocatable tree), then Debian's OpenMP build, then whatever is
/// installed.
std::vector<std::string> candidates() {
  std::vector<std::string> names;
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&openBlas), &info))
    names.push_back((std::filesystem::path(info.dli_fname).parent_path() / "libopenblas.so.0").string());
  names.emplace_back(CRESSET_OPENBLAS_PATH);  // where the build found it
  names.emplace_back("libopenblas.so.0");
  return names;
}

void* library() {
  static void* const handle = [] {
    // An inherited OPENBLAS_CORETYPE=Haswell halves every product on an AVX-512 processor; OpenBLAS detects
    // better.
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_L2_SIZE");
    std::string tried;
    for (const std::string& name : candidates()) {
      if (void* h = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return h;
      tried += "\n  " + std::string(dlerror());
    }
    fail("blas", {"OpenBLAS cannot be loaded (Debian package libopenblas0-openmp); tried:", tried});
  }();
  return handle;
}

template <class F> void resolve(F*& function, const char* name) {
  function = reinterpret_cast<F*>(openBlasSymbol(name));
}

}  // namespace

void* openBlasSymbol(const char* name) {
  void* symbol = dlsym(library(), name);
  if (!symbol) fail("blas", {"OpenBLAS has no function ", name});
  return symbol;
}

const OpenBlas& openBlas() {
  static const OpenBlas blas = [] {
    OpenBlas b;
    resolve(b.sgemm, "sgemm_");
    resolve(b.dgemm, "dgemm_");
    resolve(b.sgemv, "sgemv_");
    resolve(b.dgemv, "dgemv_");
    resolve(b.sger, "sger_");
    resolve(b.dger, "dger_");
    resolve(b.setNumThreads, "openblas_set_num_threads");
    b.setNumThreads(getNumThreads());
    loaded = true;
    return b;
  }();
  return blas;
}

void setBlasThreads(int n) {
  if (loaded) openBlas().setNumThreads(n);
}

}  // namespace cresset
