// Matrix products on the CPU: OpenBLAS for float and double, plain loops for integers.
#include <algorithm>
#include <climits>
#include <cmath>
#include <functional>

#include "tensor/cpu/accumulate.h"
#include "tensor/cpu/fill.h"
#include "tensor/cpu/openblas.h"
#include "tensor/dispatch.h"
#include "tensor/ops/blas.h"

namespace cresset {
namespace {

/// How BLAS (column-major) sees a matrix: as it is when the columns are contiguous, transposed when the rows
/// are.
struct ColumnMajor {
  char trans;
  int ld;
};

ColumnMajor columnMajor(const Tensor& x) {
  const bool columns = x.size(0) == 1 ? x.stride(1) >= 1 && x.size(1) > 1 && x.stride(1) != 1
                                      : x.stride(0) == 1 && (x.size(1) == 1 || x.stride(1) >= x.size(0));
  if (columns)
    return {'N', static_cast<int>(std::max<int64_t>(x.size(1) == 1 ? x.size(0) : x.stride(1), x.size(0)))};
  return {'T', static_cast<int>(std::max<int64_t>(x.size(0) == 1 ? x.size(1) : x.stride(0), x.size(1)))};
}

/// BLAS's function for elements of type T.
template <class T, class F, class D> auto choose(F forFloat, D forDouble) {
  if constexpr (std::is_same_v<T, float>)
    return forFloat;
  else
    return forDouble;
}

/// Every `step`-th element from the first one, as BLAS sees a vector.
template <class T> struct Strided {
  T* data;
  int64_t n, step;
  int increment() const { return n == 1 ? 1 : static_cast<int>(step); }
};

/// y = beta y + alpha m x, or with m transposed. False when BLAS has no such vectors.
template <class T>
bool blasGemv(Strided<T> y, double beta, double alpha, const Tensor& m, bool transposed, Strided<T> x) {
  const T alphaT = static_cast<T>(alpha), betaT = static_cast<T>(beta);
  const ColumnMajor lm = columnMajor(m);
  const bool stored = lm.trans == 'N';
  const char trans = stored == transposed ? 'T' : 'N';
  const int rows = static_cast<int>(m.size(stored ? 0 : 1)), cols = static_cast<int>(m.size(stored ? 1 : 0)),
            incx = x.increment(), incy = y.increment();
  if (incx <= 0 || incy <= 0) return false;
  if (beta == 0)  // gemv multiplies y by beta, and 0 * NaN is NaN
    for (int64_t i = 0; i < y.n; ++i) y.data[i * incy] = 0;
  const auto gemv = choose<T>(openBlas().sgemv, openBlas().dgemv);
  gemv(&trans, &rows, &cols, &alphaT, m.data<T>(), &lm.ld, x.data, &incx, &betaT, y.data, &incy);
  return true;
}

/// c += alpha x y'. False when BLAS has no such vectors.
template <class T> bool blasGer(const Tensor& c, double alpha, Strided<T> x, Strided<T> y) {
  const ColumnMajor lc = columnMajor(c);
  if (lc.trans == 'T') std::swap(x, y);
  const T alphaT = static_cast<T>(alpha);
  const int rows = static_cast<int>(x.n), cols = static_cast<int>(y.n), incx = x.increment(),
            incy = y.increment();
  if (incx <= 0 || incy <= 0) return false;
  const auto ger = choose<T>(openBlas().sger, openBlas().dger);
  ger(&rows, &cols, &alphaT, x.data, &incx, y.data, &incy, c.data<T>(), &lc.ld);
  return true;
}

/// Sizes and strides are below 2^31.
template <class T>
void blasGemm(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  // A product with a single row, column or term takes a third of gemm's time, or less.
  const auto column = [](const Tensor& x) { return Strided<T>{x.data<T>(), x.size(0), x.stride(0)}; };
  const auto row = [](const Tensor& x) { return Strided<T>{x.data<T>(), x.size(1), x.stride(1)}; };
  if (c.size(1) == 1 && blasGemv<T>(column(c), beta, alpha, a, false, column(b))) return;
  if (c.size(0) == 1 && blasGemv<T>(row(c), beta, alpha, b, true, row(a))) return;
  if (a.size(1) == 1 && beta == 1 && blasGer<T>(c, alpha, column(a), row(b))) return;
  const T alphaT = static_cast<T>(alpha), betaT = static_cast<T>(beta);
  const auto gemm = choose<T>(openBlas().sgemm, openBlas().dgemm);
  const int k = static_cast<int>(a.size(1));
  ColumnMajor la = columnMajor(a), lb = columnMajor(b), lc = columnMajor(c);
  const T *pa = a.data<T>(), *pb = b.data<T>();
  int m = static_cast<int>(c.size(0)), n = static_cast<int>(c.size(1));
  if (lc.trans == 'T') {  // C' = B' A'
    std::swap(la, lb);
    std::swap(pa, pb);
    std::swap(m, n);
    la.trans = la.trans == 'N' ? 'T' : 'N';
    lb.trans = lb.trans == 'N' ? 'T' : 'N';
  }
  gemm(&la.trans, &lb.trans, &m, &n, &k, &alphaT, pa, &la.ld, pb, &lb.ld, &betaT, c.data<T>(), &lc.ld);
}

/// Whether BLAS, which has 32 bits for it, can count the sizes and strides.
bool countable(const Tensor& x) {
  return std::max({x.size(0), x.size(1), x.stride(0), x.stride(1)}) <= INT_MAX;
}

/// A product that BLAS cannot count is made of two.
template <class T>
void gemmInParts(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  if (countable(c) && countable(a) && countable(b)) return blasGemm<T>(c, beta, alpha, a, b);
  const auto halves = [](int64_t size, const auto& part) {
    part(0, size / 2);
    part(size / 2, size - size / 2);
  };
  const int64_t m = c.size(0), n = c.size(1), k = a.size(1);
  if (m > INT_MAX)
    return halves(m, [&](int64_t first, int64_t length) {
      gemmInParts<T>(c.narrow(0, first, length), beta, alpha, a.narrow(0, first, length), b);
    });
  if (n > INT_MAX)
    return halves(n, [&](int64_t first, int64_t length) {
      gemmInParts<T>(c.narrow(1, first, length), beta, alpha, a, b.narrow(1, first, length));
    });
  if (k > INT_MAX)
    return halves(k, [&](int64_t first, int64_t length) {
      gemmInParts<T>(c, first == 0 ? beta : 1, alpha, a.narrow(1, first, length), b.narrow(0, first, length));
    });
  // Only strides are left: copies have shorter ones.
  const Tensor target = c.clone();
  blasGemm<T>(target, beta, alpha, a.clone(), b.clone());
  c.copy(target);
}

template <class T>
void plainGemm(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  const T alphaT = fromDouble<T>(alpha), betaT = fromDouble<T>(beta);
  const T *pa = a.data<T>(), *pb = b.data<T>();
  T* pc = c.data<T>();
  parallelFor(
      c.size(0), std::max<int64_t>(1, kGrain / (c.size(1) * a.size(1))), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          for (int64_t j = 0; j < c.size(1); ++j) {
            uint64_t sum = 0;  // wraps like the element type
            for (int64_t l = 0; l < a.size(1); ++l)
              sum += static_cast<uint64_t>(pa[i * a.stride(0) + l * a.stride(1)]) *
                     static_cast<uint64_t>(pb[l * b.stride(0) + j * b.stride(1)]);
            T& out = pc[i * c.stride(0) + j * c.stride(1)];
            const uint64_t old = betaT == 0 ? 0 : static_cast<uint64_t>(betaT) * static_cast<uint64_t>(out);
            out = static_cast<T>(old + static_cast<uint64_t>(alphaT) * sum);
          }
        }
      });
}

void gemmKernel(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  visit<Real>("addmm", c.type(), [&]<class T>() {
    if constexpr (std::is_floating_point_v<T>) {
      gemmInParts<T>(c, beta, alpha, a, b);
    } else {
      plainGemm<T>(c, beta, alpha, a, b);
    }
  });
}

/// A sum of kChunk products above this one has lost nothing to those that are too small for a float, or just
/// its last digit.
constexpr double kExact = kChunk * 0x1p-126;

double dotKernel(const Tensor& x, const Tensor& y) {
  return visit<Real>("dot", x.type(), [&]<class T>() {
    const T *p = x.data<T>(), *q = y.data<T>();
    const auto part = [p, q](int64_t b, int64_t e) {
      if constexpr (std::is_same_v<T, float>) {
        const double sum =
            sumOfFloats(e - b, [p = p + b, q = q + b](auto load) { return hn::Mul(load(p), load(q)); });
        // Products that are too large or too small for a float are added again, in double.
        if (std::isfinite(sum) && std::fabs(sum) > kExact) return sum;
      }
      return sumOf<Wrapping<T>>(b, e, [p, q](int64_t i) {
        return static_cast<Wrapping<T>>(p[i]) * static_cast<Wrapping<T>>(q[i]);
      });
    };
    return static_cast<double>(
        static_cast<Wide<T>>(overChunks<Wrapping<T>>(x.nElement(), part, std::plus<>())));
  });
}

}  // namespace

void fillGemm() {
  gemmSlot.cpu = gemmKernel;
  dotSlot.cpu = dotKernel;
}

}  // namespace cresset
