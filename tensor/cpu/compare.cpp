// CPU kernels of the comparisons: into a ByteTensor, or into a tensor of the operands' type.
#include "tensor/cpu/fill.h"
#include "tensor/cpu/map.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset {
namespace {

template <class F, class T> struct Against {
  T v;
  bool operator()(T x) const { return F{}(x, v); }
};
template <class T, class F, class... X> void compareInto(const F& f, const Tensor& result, const X&... x) {
  if (result.dtype() == DType::Byte) {
    if constexpr (sizeof...(X) == 1)
      map<uint8_t, T>(f, result, x...);
    else
      map<uint8_t, T, T>(f, result, x...);
  } else {
    if constexpr (sizeof...(X) == 1)
      map<T, T>(f, result, x...);
    else
      map<T, T, T>(f, result, x...);
  }
}

template <class F>
void compareTensors(const char* op, const Tensor& result, const Tensor& x, const Tensor& y) {
  visit<Real>(op, x.type(), [&]<class T>() { compareInto<T>(F{}, result, x, y); });
}

template <class F> void compareNumber(const char* op, const Tensor& result, const Tensor& x, double value) {
  visit<Real>(op, x.type(),
              [&]<class T>() { compareInto<T>(Against<F, T>{fromDouble<T>(value)}, result, x); });
}

}  // namespace

void fillCompare() {
#define UNARY(...)
#define UNARY_ONLY(...)
#define SCALAR(...)
#define BINARY(...)
#define SCALED(...)
#define TERNARY(...)
#define COMPARE(name, functor_, help)                                                 \
  name##BinarySlot.cpu = [](const Tensor& result, const Tensor& x, const Tensor& y) { \
    compareTensors<functor::functor_>(#name, result, x, y);                           \
  };                                                                                  \
  name##ScalarSlot.cpu = [](const Tensor& result, const Tensor& x, double value) {    \
    compareNumber<functor::functor_>(#name, result, x, value);                        \
  };
#include "tensor/ops/pointwise.def"
}

}  // namespace cresset
