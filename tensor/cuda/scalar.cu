// CUDA kernels of a tensor and a number.
#include "tensor/cuda/bound.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset::cuda {
namespace {

template <class F, TypeSet types>
void scalar(const char* op, const Tensor& result, const Tensor& x, double value) {
  visit<types>(op, x.type(), [&]<class T>() { map<T, T>(op, Bound<F, T>{fromDouble<T>(value)}, result, x); });
}

template <class T> struct Clamp {
  T lo, hi;
  __device__ T operator()(T x) const { return functor::clampTo{}(x, lo, hi); }
};

void clampKernel(const Tensor& result, const Tensor& x, double lo, double hi) {
  visit<Real>("clamp", x.type(), [&]<class T>() {
    map<T, T>("clamp", Clamp<T>{fromDouble<T>(lo), fromDouble<T>(hi)}, result, x);
  });
}

}  // namespace

void fillScalar() {
#define UNARY(...)
#define UNARY_ONLY(...)
#define SCALAR(name, functor_, types, help)                                         \
  name##ScalarSlot.cuda = [](const Tensor& result, const Tensor& x, double value) { \
    scalar<functor::functor_, types>(#name, result, x, value);                      \
  };
#define BINARY(...)
#define SCALED(...)
#define TERNARY(...)
#define COMPARE(...)
#include "tensor/ops/pointwise.def"
  clampSlot.cuda = clampKernel;
}

}  // namespace cresset::cuda
