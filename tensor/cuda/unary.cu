// CUDA kernels of the unary functions, pow and lerp: what exists for floating types only.
#include "tensor/cuda/bound.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset::cuda {
namespace {

template <class F, TypeSet types> void unary(const char* op, const Tensor& result, const Tensor& x) {
  visit<types>(op, x.type(), [&]<class T>() { map<T, T>(op, F{}, result, x); });
}

/// x^v by the direct formulas that the CPU uses, picked by a uniform branch.
template <class T> struct Power {
  T v;
  __device__ T operator()(T x) const {
    if (v == T(1)) return x;
    if (v == T(2)) return x * x;
    if (v == T(3)) return x * x * x;
    if (v == T(0.5)) return std::sqrt(x);
    if (v == T(-0.5)) return T(1) / std::sqrt(x);
    if (v == T(-1)) return T(1) / x;
    if (v == T(-2)) return T(1) / (x * x);
    return std::pow(x, v);
  }
};

template <template <class> class F> void floatingNumber(const Tensor& result, const Tensor& x, double value) {
  visit<Floating>("pow", x.type(),
                  [&]<class T>() { map<T, T>("pow", F<T>{static_cast<T>(value)}, result, x); });
}

template <class T> using PowerOf = Bound<functor::powerOf, T>;

void lerpKernel(const Tensor& result, const Tensor& x, double weight, const Tensor& y) {
  visit<Floating>("lerp", x.type(), [&]<class T>() {
    map<T, T, T>("lerp", Scaled<functor::interpolate, T>{static_cast<T>(weight)}, result, x, y);
  });
}

}  // namespace

void fillUnary() {
#define UNARY(name, functor_, types, help)                      \
  name##Slot.cuda = [](const Tensor& result, const Tensor& x) { \
    unary<functor::functor_, types>(#name, result, x);          \
  };
#define UNARY_ONLY UNARY
#define SCALAR(...)
#define BINARY(...)
#define SCALED(...)
#define TERNARY(...)
#define COMPARE(...)
#include "tensor/ops/pointwise.def"
  powSlot.cuda = floatingNumber<Power>;
  powOfSlot.cuda = floatingNumber<PowerOf>;
  lerpSlot.cuda = lerpKernel;
}

}  // namespace cresset::cuda
