// What each transfer function computes, one element at a time, on the CPU and on the GPU alike. a and b are
// the module's constants. `gradient` gets the gradient of the output and what transfer.def says: x, or y,
// which saves an evaluation.
#pragma once

#include "tensor/ops/pointwise_functors.h"

namespace cresset::nn::transfer {

#define CRESSET_FORWARD(expression)                                                                 \
  template <class T> CRESSET_HD static T forward(T x, T a [[maybe_unused]], T b [[maybe_unused]]) { \
    return expression;                                                                              \
  }
#define CRESSET_GRADIENT(source, expression)                                                 \
  template <class T>                                                                         \
  CRESSET_HD static T gradient(T gy, T source, T a [[maybe_unused]], T b [[maybe_unused]]) { \
    return expression;                                                                       \
  }

// The forward direction of these is an operation of tensor/ops.
struct tanh {
  CRESSET_GRADIENT(y, gy*(T(1) - y * y))
};
struct sigmoid {
  CRESSET_GRADIENT(y, gy*(T(1) - y) * y)
};
struct abs {
  CRESSET_GRADIENT(x, x >= T(0) ? gy : -gy)
};
struct exp {
  CRESSET_GRADIENT(y, gy* y)
};
struct log {
  CRESSET_GRADIENT(x, gy / x)
};
struct sqrt {
  CRESSET_GRADIENT(y, y == T(0) ? T(0) : gy / (T(2) * y))
};

struct square {
  CRESSET_FORWARD(x* x)
  CRESSET_GRADIENT(x, T(2) * gy * x)
};
struct softSign {
  CRESSET_FORWARD(x / (T(1) + std::fabs(x)))
  CRESSET_GRADIENT(x, gy / ((T(1) + std::fabs(x)) * (T(1) + std::fabs(x))))
};
struct logSigmoid {  // the exponent is never positive: nothing overflows
  CRESSET_FORWARD((x < T(0) ? x : T(0)) - std::log1p(std::exp(-std::fabs(x))))
  CRESSET_GRADIENT(x, gy / (T(1) + std::exp(x)))
};
struct threshold {  // a: threshold, b: value below it
  CRESSET_FORWARD(x > a ? x : b)
  CRESSET_GRADIENT(x, x > a ? gy : T(0))
};
struct hardTanh {  // a: min, b: max
  CRESSET_FORWARD(x<a ? a : x> b ? b : x)
  CRESSET_GRADIENT(x, x > a && x < b ? gy : T(0))
};
struct hardShrink {  // a: lambda
  CRESSET_FORWARD(x > a || x < -a ? x : T(0))
  CRESSET_GRADIENT(x, x > a || x < -a ? gy : T(0))
};
struct softShrink {  // a: lambda
  CRESSET_FORWARD(x > a ? x - a : x < -a ? x + a : T(0))
  CRESSET_GRADIENT(x, x > a || x < -a ? gy : T(0))
};
struct softPlus {  // a: beta, b: from where on it is linear
  CRESSET_FORWARD(x* a > b ? x : std::log1p(std::exp(x * a)) / a)
  CRESSET_GRADIENT(y, y* a > b ? gy : gy * (T(1) - std::exp(-y * a)))
};
struct elu {  // a: alpha
  CRESSET_FORWARD(x > T(0) ? x : a * (std::exp(x) - T(1)))
  CRESSET_GRADIENT(y, y > T(0) ? gy : gy * (y + a))
};
struct leakyReLU {  // a: slope below 0
  CRESSET_FORWARD(x > T(0) ? x : a * x)
  CRESSET_GRADIENT(x, x > T(0) ? gy : a * gy)
};

#undef CRESSET_FORWARD
#undef CRESSET_GRADIENT

}  // namespace cresset::nn::transfer
