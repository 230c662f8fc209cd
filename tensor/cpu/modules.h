// Kernels live in modules, one shared library for each instruction set, and the best one is loaded at the
// first operation. Separate libraries, because a linker merges equal inline functions of one library and
// would hand an AVX-512 body to a machine without it.
#pragma once

namespace cresset {

/// `v2`, `v3` (AVX2) or `v4` (AVX-512): the best level that this processor and this build have, or what the
/// environment variable CRESSET_ISA names. Throws Error when that level is not usable here.
const char* isaLevel();

/// Loads `libcresset_<library>_cpu_<level>.so` from beside this library and calls its
/// `cresset_fill_<library>`; once for each library. Throws Error with the path when it cannot be loaded.
void loadCpuModule(const char* library);

}  // namespace cresset
