// OpenBLAS, loaded at the first product: its choice of kernels is read from the environment when it is
// loaded, so that is put right first, and programs that multiply nothing do not pay for loading it.
#pragma once

namespace cresset {

/// The Fortran interface that Cresset uses; integers are 32 bits.
struct OpenBlas {
  void (*sgemm)(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                const int*, const float*, const int*, const float*, float*, const int*);
  void (*dgemm)(const char*, const char*, const int*, const int*, const int*, const double*, const double*,
                const int*, const double*, const int*, const double*, double*, const int*);
  void (*sgemv)(const char*, const int*, const int*, const float*, const float*, const int*, const float*,
                const int*, const float*, float*, const int*);
  void (*dgemv)(const char*, const int*, const int*, const double*, const double*, const int*, const double*,
                const int*, const double*, double*, const int*);
  void (*sger)(const int*, const int*, const float*, const float*, const int*, const float*, const int*,
               float*, const int*);
  void (*dger)(const int*, const int*, const double*, const double*, const int*, const double*, const int*,
               double*, const int*);
  void (*setNumThreads)(int);
};

/// Loads the library (OpenMP build first), or throws Error with the names tried and how to install it.
const OpenBlas& openBlas();
/// The address of a BLAS or LAPACK function such as `dgesv_`. Throws Error when the library has none of that
/// name.
void* openBlasSymbol(const char* name);

}  // namespace cresset
