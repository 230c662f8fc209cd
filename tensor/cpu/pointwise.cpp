// CPU kernels of pointwise arithmetic; the vector mathematics is in transcendental.cpp, comparisons in
// compare.cpp.
#include "tensor/ops/pointwise.h"

#include "tensor/cpu/fill.h"
#include "tensor/cpu/map.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset {
namespace {

/// f(x, v) with the number fixed.
template <class F, class T> struct Bound {
  T v;
  T operator()(T x) const { return F{}(x, v); }
};
/// f(x, y, k) and f(x, y, z, k) with the number fixed.
template <class F, class T> struct Scaled {
  T k;
  T operator()(T x, T y) const { return F{}(x, y, k); }
  T operator()(T x, T y, T z) const { return F{}(x, y, z, k); }
};
template <class T> struct Clamp {
  T lo, hi;
  T operator()(T x) const { return functor::clampTo{}(x, lo, hi); }
};

template <class F, TypeSet types>
void scalarKernel(const char* op, const Tensor& result, const Tensor& x, double value) {
  visit<types>(op, x.type(), [&]<class T>() { map<T, T>(Bound<F, T>{fromDouble<T>(value)}, result, x); });
}

template <class F> void powerKernel(const Tensor& result, const Tensor& x, double value) {
  scalarKernel<F, Floating>("pow", result, x, value);
}

}  // namespace

void fillPointwise() {
#define UNARY(name, functor_, types, help)
#define UNARY_ONLY(name, functor_, types, help)                                                   \
  name##Slot.cpu = [](const Tensor& result, const Tensor& x) {                                    \
    visit<types>(#name, x.type(), [&]<class T>() { map<T, T>(functor::functor_{}, result, x); }); \
  };
#define SCALAR(name, functor_, types, help)                                        \
  name##ScalarSlot.cpu = [](const Tensor& result, const Tensor& x, double value) { \
    scalarKernel<functor::functor_, types>(#name, result, x, value);               \
  };
#define BINARY(name, functor_, types, help)                                                             \
  name##BinarySlot.cpu = [](const Tensor& result, const Tensor& x, const Tensor& y) {                   \
    visit<types>(#name, x.type(), [&]<class T>() { map<T, T, T>(functor::functor_{}, result, x, y); }); \
  };
#define SCALED(name, functor_, types, help)                                                     \
  name##ScaledSlot.cpu = [](const Tensor& result, const Tensor& x, double k, const Tensor& y) { \
    visit<types>(#name, x.type(), [&]<class T>() {                                              \
      map<T, T, T>(Scaled<functor::functor_, T>{fromDouble<T>(k)}, result, x, y);               \
    });                                                                                         \
  };
#define TERNARY(name, functor_, types, help)                                                   \
  name##TernarySlot.cpu = [](const Tensor& result, const Tensor& x, double k, const Tensor& y, \
                             const Tensor& z) {                                                \
    visit<types>(#name, x.type(), [&]<class T>() {                                             \
      map<T, T, T, T>(Scaled<functor::functor_, T>{fromDouble<T>(k)}, result, x, y, z);        \
    });                                                                                        \
  };
#define COMPARE(name, functor_, help)
#include "tensor/ops/pointwise.def"
  clampSlot.cpu = [](const Tensor& result, const Tensor& x, double lo, double hi) {
    visit<Real>("clamp", x.type(), [&]<class T>() {
      map<T, T>(Clamp<T>{fromDouble<T>(lo), fromDouble<T>(hi)}, result, x);
    });
  };
  lerpSlot.cpu = [](const Tensor& result, const Tensor& x, double weight, const Tensor& y) {
    visit<Floating>("lerp", x.type(), [&]<class T>() {
      map<T, T, T>(Scaled<functor::interpolate, T>{static_cast<T>(weight)}, result, x, y);
    });
  };
  powOfSlot.cpu = powerKernel<functor::powerOf>;
}

}  // namespace cresset
