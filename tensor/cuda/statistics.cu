// CUDA kernels of variances and norms, in double.
#include "tensor/cuda/fill.h"
#include "tensor/cuda/reduce.h"
#include "tensor/dispatch.h"

namespace cresset::cuda {
namespace {

/// Count, mean and sum of squared deviations of a part. One pass, and no small difference of large sums.
/// T. Chan, G. Golub, R. LeVeque: Updating formulae and a pairwise algorithm for computing sample variances,
/// 1979.
struct Moments {
  double n, mean, squares;
};

template <class T, class R> struct Variances {
  using Acc = Moments;
  double lost;  // 0 or 1 degrees of freedom
  R* result;
  __device__ Acc start() const { return {0, 0, 0}; }
  __device__ Acc add(Acc a, T x, int64_t) const {
    a.n += 1;
    const double d = static_cast<double>(x) - a.mean;
    a.mean += d / a.n;
    a.squares += d * (static_cast<double>(x) - a.mean);
    return a;
  }
  __device__ Acc join(Acc a, Acc b) const {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    const double n = a.n + b.n, d = b.mean - a.mean;
    return {n, a.mean + d * b.n / n, a.squares + b.squares + d * d * a.n * b.n / n};
  }
  __device__ void store(int64_t line, Acc a) const {
    result[line] = static_cast<R>(a.squares / (a.n - lost));
  }
};

/// (sum |x|^p)^(1/p). The power is a uniform branch.
template <class T, class R> struct Norm {
  using Acc = double;
  double p;
  R* result;
  __device__ Acc start() const { return 0; }
  __device__ Acc add(Acc a, T x, int64_t) const {
    const double v = fabs(static_cast<double>(x));
    if (p == 2) return a + v * v;
    if (p == 1) return a + v;
    if (p == 0) return a + (v != 0 ? 1 : 0);
    return isinf(p) ? join(a, v) : a + pow(v, p);
  }
  __device__ Acc join(Acc a, Acc b) const {
    if (isinf(p)) return b > a || b != b ? b : a;  // a NaN wins
    return a + b;
  }
  __device__ void store(int64_t line, Acc a) const {
    const double norm = p == 0 || p == 1 || isinf(p) ? a : p == 2 ? sqrt(a) : pow(a, 1 / p);
    result[line] = static_cast<R>(norm);
  }
};

/// `parameter` is the operation's number.
template <template <class, class> class Op> double overAll(const Tensor& x, double parameter) {
  checkPlacement("norm", {&x});
  return visit<Floating>("norm", x.type(), [&]<class T>() {
    return toNumber<double>([&](double* result) {
      reduce(Op<T, double>{parameter, result}, x.data<T>(), oneLine(x));
    });
  });
}

template <template <class, class> class Op>
void alongDim(const Tensor& result, const Tensor& x, int64_t dim, double parameter) {
  checkPlacement("norm", {&result, &x});
  visit<Floating>("norm", x.type(), [&]<class T>() {
    reduce(Op<T, T>{parameter, result.data<T>()}, x.data<T>(), linesOf(x, dim));
  });
}

/// Torch7's flag is true for the biased variance, which loses no degree of freedom.
double degreesLost(double biased) { return biased != 0 ? 0 : 1; }

double varAll(const Tensor& x, double biased) { return overAll<Variances>(x, degreesLost(biased)); }
void varAlong(const Tensor& result, const Tensor& x, int64_t dim, double biased) {
  alongDim<Variances>(result, x, dim, degreesLost(biased));
}

}  // namespace

void fillStatistics() {
  varAllSlot.cuda = varAll;
  varSlot.cuda = varAlong;
  normAllSlot.cuda = overAll<Norm>;
  normSlot.cuda = alongDim<Norm>;
}

}  // namespace cresset::cuda
