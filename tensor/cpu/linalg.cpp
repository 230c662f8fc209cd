// Linear algebra on the CPU: the LAPACK in OpenBLAS.
#include "tensor/ops/linalg.h"

#include <algorithm>
#include <cassert>
#include <climits>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tensor/cpu/fill.h"
#include "tensor/cpu/openblas.h"

namespace cresset {
namespace {

// Fortran takes everything by address: values by that of a copy.
const int* address(const int& value) { return &value; }
const float* address(const float& value) { return &value; }
const double* address(const double& value) { return &value; }
const char* address(const char& value) { return &value; }
template <class T> T* address(T* const& pointer) { return pointer; }
template <class E>
requires std::is_enum_v<E>
const char* address(const E& option) { return reinterpret_cast<const char*>(&option); }

/// Calls LAPACK's s`name` or d`name` and returns its `info`, which is its last argument. A function of BLAS,
/// which has no `info`, never sees what follows its arguments.
template <class T, class... A> int lapack(const char* name, const A&... arguments) {
  openBlas();  // sets the number of threads
  int info = 0;
  // gfortran expects the lengths of all strings behind the arguments; LAPACK's functions have three at most.
  using Function = void(decltype(address(arguments))..., int*, size_t, size_t, size_t);
  const std::string symbol = (std::is_same_v<T, float> ? "s" : "d") + std::string(name) + "_";
  reinterpret_cast<Function*>(openBlasSymbol(symbol.c_str()))(address(arguments)..., &info, 1, 1, 1);
  assert(info >= 0);  // the sizes were checked
  return info;
}

/// Calls call(work, size), which hands both to LAPACK: first to ask for the size of the workspace it wants,
/// then to compute.
template <class T, class Call> int withWorkspace(const char* op, const Call& call) {
  T wanted = 0;
  call(&wanted, -1);
  // A float holds a large size rounded.
  const double size = std::ceil(static_cast<double>(wanted) * (1 + std::numeric_limits<T>::epsilon()));
  if (!(size >= 0 && size <= INT_MAX))
    fail(op, {"the matrix is too large: LAPACK's workspace exceeds 2^31 - 1"});
  const Tensor work({dtypeOf<T>}, {std::max<int64_t>(1, static_cast<int64_t>(size))});
  return call(work.data<T>(), static_cast<int>(work.size(0)));
}

int rows(const Tensor& x) { return static_cast<int>(x.size(0)); }
int columns(const Tensor& x) { return static_cast<int>(x.size(1)); }
/// The leading dimension: the distance between columns.
int lead(const Tensor& x) { return static_cast<int>(x.stride(1)); }

/// A = P L U in place. `pivots[i]` is the row, from 1, that row i was swapped with.
template <class T> int factorize(const Tensor& a, std::vector<int>& pivots) {
  pivots.resize(static_cast<size_t>(rows(a)));
  return lapack<T>("getrf", rows(a), columns(a), a.data<T>(), lead(a), pivots.data());
}

/// In steps, because the second half of OpenBLAS's gesv wakes all threads for a system of any size.
int gesvKernel(const Tensor& b, const Tensor& a) {
  return visit<Floating>("gesv", a.type(), [&]<class T>() {
    std::vector<int> pivots;
    if (const int info = factorize<T>(a, pivots)) return info;
    for (int64_t j = 0; j < b.size(1); ++j) {
      T* const column = b.data<T>() + j * b.stride(1);
      for (size_t i = 0; i < pivots.size(); ++i) std::swap(column[i], column[pivots[i] - 1]);
    }
    lapack<T>("trsm", 'L', 'L', 'N', 'U', rows(b), columns(b), T(1), a.data<T>(), lead(a), b.data<T>(),
              lead(b));
    return lapack<T>("trsm", 'L', 'U', 'N', 'N', rows(b), columns(b), T(1), a.data<T>(), lead(a), b.data<T>(),
                     lead(b));
  });
}

int inverseKernel(const Tensor& a) {
  return visit<Floating>("inverse", a.type(), [&]<class T>() {
    std::vector<int> pivots;
    if (const int info = factorize<T>(a, pivots)) return info;
    return withWorkspace<T>("inverse", [&](T* work, int size) {
      return lapack<T>("getri", rows(a), a.data<T>(), lead(a), pivots.data(), work, size);
    });
  });
}

int gelsKernel(const Tensor& b, const Tensor& a) {
  return visit<Floating>("gels", a.type(), [&]<class T>() {
    return withWorkspace<T>("gels", [&](T* work, int size) {
      return lapack<T>("gels", 'N', rows(a), columns(a), columns(b), a.data<T>(), lead(a), b.data<T>(),
                       lead(b), work, size);
    });
  });
}

int trtrsKernel(const Tensor& b, const Tensor& a, Triangle triangle, Transposed transposed,
                Diagonal diagonal) {
  return visit<Floating>("trtrs", a.type(), [&]<class T>() {
    return lapack<T>("trtrs", triangle, transposed, diagonal, rows(a), columns(b), a.data<T>(), lead(a),
                     b.data<T>(), lead(b));
  });
}

int symeigKernel(const Tensor& e, const Tensor& a, Vectors vectors, Triangle triangle) {
  return visit<Floating>("symeig", a.type(), [&]<class T>() {
    return withWorkspace<T>("symeig", [&](T* work, int size) {
      return lapack<T>("syev", vectors, triangle, rows(a), a.data<T>(), lead(a), e.data<T>(), work, size);
    });
  });
}

int eigKernel(const Tensor& e, const Tensor& v, const Tensor& a) {
  return visit<Floating>("eig", a.type(), [&]<class T>() {
    T* const real = e.data<T>();
    T* const imaginary = real + lead(e);
    const Vectors vectors = v.empty() ? Vectors::No : Vectors::Yes;
    return withWorkspace<T>("eig", [&](T* work, int size) {
      return lapack<T>("geev", Vectors::No, vectors, rows(a), a.data<T>(), lead(a), real, imaginary,
                       static_cast<T*>(nullptr), 1, v.data<T>(), v.empty() ? 1 : lead(v), work, size);
    });
  });
}

int svdKernel(const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& a, Factors factors) {
  return visit<Floating>("svd", a.type(), [&]<class T>() {
    std::vector<int> integers(static_cast<size_t>(8 * s.size(0)));
    return withWorkspace<T>("svd", [&](T* work, int size) {
      return lapack<T>("gesdd", factors, rows(a), columns(a), a.data<T>(), lead(a), s.data<T>(), u.data<T>(),
                       lead(u), vt.data<T>(), lead(vt), work, size, integers.data());
    });
  });
}

int potrfKernel(const Tensor& a, Triangle triangle) {
  return visit<Floating>("potrf", a.type(), [&]<class T>() {
    return lapack<T>("potrf", triangle, rows(a), a.data<T>(), lead(a));
  });
}

int potriKernel(const Tensor& a, Triangle triangle) {
  return visit<Floating>("potri", a.type(), [&]<class T>() {
    return lapack<T>("potri", triangle, rows(a), a.data<T>(), lead(a));
  });
}

int potrsKernel(const Tensor& b, const Tensor& factor, Triangle triangle) {
  return visit<Floating>("potrs", b.type(), [&]<class T>() {
    return lapack<T>("potrs", triangle, rows(b), columns(b), factor.data<T>(), lead(factor), b.data<T>(),
                     lead(b));
  });
}

int pstrfKernel(const Tensor& a, const Tensor& pivots, Triangle triangle, double tolerance) {
  return visit<Floating>("pstrf", a.type(), [&]<class T>() {
    std::vector<T> work(static_cast<size_t>(2 * a.size(0)));
    int rank = 0;
    return lapack<T>("pstrf", triangle, rows(a), a.data<T>(), lead(a), pivots.data<int>(), &rank,
                     static_cast<T>(tolerance), work.data());
  });
}

int geqrfKernel(const Tensor& a, const Tensor& tau) {
  return visit<Floating>("geqrf", a.type(), [&]<class T>() {
    return withWorkspace<T>("geqrf", [&](T* work, int size) {
      return lapack<T>("geqrf", rows(a), columns(a), a.data<T>(), lead(a), tau.data<T>(), work, size);
    });
  });
}

int orgqrKernel(const Tensor& a, const Tensor& tau) {
  return visit<Floating>("orgqr", a.type(), [&]<class T>() {
    return withWorkspace<T>("orgqr", [&](T* work, int size) {
      return lapack<T>("orgqr", rows(a), columns(a), rows(tau), a.data<T>(), lead(a), tau.data<T>(), work,
                       size);
    });
  });
}

int ormqrKernel(const Tensor& c, const Tensor& packed, const Tensor& tau, Side side, Transposed transposed) {
  return visit<Floating>("ormqr", c.type(), [&]<class T>() {
    return withWorkspace<T>("ormqr", [&](T* work, int size) {
      return lapack<T>("ormqr", side, transposed, rows(c), columns(c), rows(tau), packed.data<T>(),
                       lead(packed), tau.data<T>(), c.data<T>(), lead(c), work, size);
    });
  });
}

}  // namespace

void fillLinalg() {
  gesvSlot.cpu = gesvKernel;
  inverseSlot.cpu = inverseKernel;
  gelsSlot.cpu = gelsKernel;
  trtrsSlot.cpu = trtrsKernel;
  symeigSlot.cpu = symeigKernel;
  eigSlot.cpu = eigKernel;
  svdSlot.cpu = svdKernel;
  potrfSlot.cpu = potrfKernel;
  potriSlot.cpu = potriKernel;
  potrsSlot.cpu = potrsKernel;
  pstrfSlot.cpu = pstrfKernel;
  geqrfSlot.cpu = geqrfKernel;
  orgqrSlot.cpu = orgqrKernel;
  ormqrSlot.cpu = ormqrKernel;
}

}  // namespace cresset
