// CUDA kernels of the comparisons, into a ByteTensor or into a tensor of the operands' type.
#include "tensor/cuda/bound.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset::cuda {
namespace {

/// Stores as a byte or as T, which is decided when it runs: half the kernels for a uniform branch.
template <class F, class T, class... X> struct Compare {
  F f;
  bool toByte;
  __device__ void operator()(char* const* p) const { run(p, std::index_sequence_for<X...>()); }
  template <size_t... I> __device__ void run(char* const* p, std::index_sequence<I...>) const {
    const bool holds = f(*reinterpret_cast<const X*>(p[I + 1])...);
    if (toByte) {
      *reinterpret_cast<uint8_t*>(p[0]) = holds;
    } else {
      *reinterpret_cast<T*>(p[0]) = static_cast<T>(holds);
    }
  }
};

template <class F>
void compareTensors(const char* op, const Tensor& result, const Tensor& x, const Tensor& y) {
  const bool toByte = result.dtype() == DType::Byte;
  visit<Real>(op, x.type(), [&]<class T>() { each(op, Compare<F, T, T, T>{{}, toByte}, result, x, y); });
}

template <class F> void compareNumber(const char* op, const Tensor& result, const Tensor& x, double value) {
  const bool toByte = result.dtype() == DType::Byte;
  visit<Real>(op, x.type(), [&]<class T>() {
    each(op, Compare<Bound<F, T>, T, T>{{fromDouble<T>(value)}, toByte}, result, x);
  });
}

}  // namespace

void fillCompare() {
#define UNARY(...)
#define UNARY_ONLY(...)
#define SCALAR(...)
#define BINARY(...)
#define SCALED(...)
#define TERNARY(...)
#define COMPARE(name, functor_, help)                                                  \
  name##BinarySlot.cuda = [](const Tensor& result, const Tensor& x, const Tensor& y) { \
    compareTensors<functor::functor_>(#name, result, x, y);                            \
  };                                                                                   \
  name##ScalarSlot.cuda = [](const Tensor& result, const Tensor& x, double value) {    \
    compareNumber<functor::functor_>(#name, result, x, value);                         \
  };
#include "tensor/ops/pointwise.def"
}

}  // namespace cresset::cuda
