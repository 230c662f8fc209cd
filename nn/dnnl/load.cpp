#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "nn/dnnl/dnnl.h"

namespace cresset::nn {

const DnnlConvolution* dnnlConvolution() {
  static const DnnlConvolution* const loaded = []() -> const DnnlConvolution* {
    const char* wanted = std::getenv("CRESSET_DNNL");
    if (wanted && std::string_view(wanted) == "0") return nullptr;
    Dl_info info;
    if (!dladdr(reinterpret_cast<const void*>(&dnnlConvolution), &info)) return nullptr;
    const auto path = std::filesystem::path(info.dli_fname).parent_path() / "libcresset_nn_dnnl.so";
    // Never closed: oneDNN leaves threads and caches behind.
    void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    return module ? static_cast<const DnnlConvolution*>(dlsym(module, "cresset_dnnl_convolution")) : nullptr;
  }();
  return loaded;
}

}  // namespace cresset::nn
