// CUDA kernels of two and three tensors.
#include "tensor/cuda/bound.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/pointwise_functors.h"

namespace cresset::cuda {
namespace {

template <class F, TypeSet types>
void binary(const char* op, const Tensor& result, const Tensor& x, const Tensor& y) {
  visit<types>(op, x.type(), [&]<class T>() { map<T, T, T>(op, F{}, result, x, y); });
}

template <class F, TypeSet types>
void scaled(const char* op, const Tensor& result, const Tensor& x, double k, const Tensor& y) {
  visit<types>(op, x.type(),
               [&]<class T>() { map<T, T, T>(op, Scaled<F, T>{fromDouble<T>(k)}, result, x, y); });
}

template <class F, TypeSet types>
void ternary(const char* op, const Tensor& result, const Tensor& x, double k, const Tensor& y,
             const Tensor& z) {
  visit<types>(op, x.type(),
               [&]<class T>() { map<T, T, T, T>(op, Scaled<F, T>{fromDouble<T>(k)}, result, x, y, z); });
}

}  // namespace

void fillBinary() {
#define UNARY(...)
#define UNARY_ONLY(...)
#define SCALAR(...)
#define BINARY(name, functor_, types, help)                                            \
  name##BinarySlot.cuda = [](const Tensor& result, const Tensor& x, const Tensor& y) { \
    binary<functor::functor_, types>(#name, result, x, y);                             \
  };
#define SCALED(name, functor_, types, help)                                                      \
  name##ScaledSlot.cuda = [](const Tensor& result, const Tensor& x, double k, const Tensor& y) { \
    scaled<functor::functor_, types>(#name, result, x, k, y);                                    \
  };
#define TERNARY(name, functor_, types, help)                                                    \
  name##TernarySlot.cuda = [](const Tensor& result, const Tensor& x, double k, const Tensor& y, \
                              const Tensor& z) {                                                \
    ternary<functor::functor_, types>(#name, result, x, k, y, z);                               \
  };
#define COMPARE(...)
#include "tensor/ops/pointwise.def"
}

}  // namespace cresset::cuda
