// CUDA kernels of sums, products and dot: integers accumulate in 64 bits, floating types in double.
#include <type_traits>

#include "tensor/cuda/fill.h"
#include "tensor/cuda/reduce.h"
#include "tensor/ops/blas.h"

namespace cresset::cuda {
namespace {

/// Wide enough for a whole tensor. Unsigned, because integers wrap.
template <class T> using Wide = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
/// A number as the caller takes it: the signed view of the same bits.
template <class T> using Signed = std::conditional_t<std::is_floating_point_v<T>, double, int64_t>;

template <class T, class R> struct Sum {
  using Acc = Wide<T>;
  R* result;
  __device__ Acc start() const { return 0; }
  __device__ Acc add(Acc a, T x, int64_t) const { return a + static_cast<Acc>(x); }
  __device__ Acc join(Acc a, Acc b) const { return a + b; }
  __device__ void store(int64_t line, Acc a) const { result[line] = static_cast<R>(a); }
};

template <class T, class R> struct Product {
  using Acc = Wide<T>;
  R* result;
  __device__ Acc start() const { return 1; }
  __device__ Acc add(Acc a, T x, int64_t) const { return a * static_cast<Acc>(x); }
  __device__ Acc join(Acc a, Acc b) const { return a * b; }
  __device__ void store(int64_t line, Acc a) const { result[line] = static_cast<R>(a); }
};

/// Sum of x * y for contiguous tensors: a single line, in which k counts y's elements too.
template <class T> struct Dot {
  using Acc = Wide<T>;
  const T* y;
  Signed<T>* result;
  __device__ Acc start() const { return 0; }
  __device__ Acc add(Acc a, T x, int64_t k) const { return a + static_cast<Acc>(x) * static_cast<Acc>(y[k]); }
  __device__ Acc join(Acc a, Acc b) const { return a + b; }
  __device__ void store(int64_t, Acc a) const { *result = static_cast<Signed<T>>(a); }
};

template <template <class, class> class Op> double overAll(const Tensor& x, double) {
  checkPlacement("sum", {&x});
  return visit<Real>("sum", x.type(), [&]<class T>() {
    return static_cast<double>(toNumber<Signed<T>>(
        [&](Signed<T>* result) { reduce(Op<T, Signed<T>>{result}, x.data<T>(), oneLine(x)); }));
  });
}

template <template <class, class> class Op>
void alongDim(const Tensor& result, const Tensor& x, int64_t dim, double) {
  checkPlacement("sum", {&result, &x});
  visit<Real>("sum", x.type(),
              [&]<class T>() { reduce(Op<T, T>{result.data<T>()}, x.data<T>(), linesOf(x, dim)); });
}

double dotKernel(const Tensor& x, const Tensor& y) {
  checkPlacement("dot", {&x, &y});
  return visit<Real>("dot", x.type(), [&]<class T>() {
    return static_cast<double>(toNumber<Signed<T>>([&](Signed<T>* result) {
      reduce(Dot<T>{y.data<T>(), result}, x.data<T>(), oneLine(x));
    }));
  });
}

}  // namespace

void fillReduce() {
  sumAllSlot.cuda = overAll<Sum>;
  prodAllSlot.cuda = overAll<Product>;
  sumSlot.cuda = alongDim<Sum>;
  prodSlot.cuda = alongDim<Product>;
  dotSlot.cuda = dotKernel;
}

}  // namespace cresset::cuda
