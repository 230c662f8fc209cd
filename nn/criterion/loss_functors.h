// The losses of losses.def, one element at a time, on the CPU and on the GPU alike. x: input, t: target, p:
// the criterion's constant, or the element's weight.
#pragma once

#include "tensor/ops/pointwise_functors.h"

namespace cresset::nn::losses {

#define CRESSET_LOSS(expression)                                                                 \
  template <class T> CRESSET_HD static T loss(T x, T t [[maybe_unused]], T p [[maybe_unused]]) { \
    return expression;                                                                           \
  }
#define CRESSET_SLOPE(expression)                                                               \
  template <class T>                                                                            \
  CRESSET_HD static T slope(T x [[maybe_unused]], T t [[maybe_unused]], T p [[maybe_unused]]) { \
    return expression;                                                                          \
  }

struct squaredError {
  CRESSET_LOSS((x - t) * (x - t))
  CRESSET_SLOPE(T(2) * (x - t))
};
struct absoluteError {
  CRESSET_LOSS(std::fabs(x - t))
  CRESSET_SLOPE(x >= t ? T(1) : T(-1))
};
struct smoothL1 {
  CRESSET_LOSS(std::fabs(x - t) < T(1) ? T(0.5) * (x - t) * (x - t) : std::fabs(x - t) - T(0.5))
  CRESSET_SLOPE(x - t < T(-1) ? T(-1) : x - t > T(1) ? T(1) : x - t)
};
struct divergence {  // x: logarithms of probabilities
  CRESSET_LOSS(t > T(0) ? t * (std::log(t) - x) : T(0))
  CRESSET_SLOPE(t > T(0) ? -t : T(0))
};
struct softMargin {
  CRESSET_LOSS(std::log(T(1) + std::exp(-x * t)))
  CRESSET_SLOPE(-t / (T(1) + std::exp(x * t)))
};
struct margin {  // p: the margin
  CRESSET_LOSS(x* t < p ? p - x * t : T(0))
  CRESSET_SLOPE(x* t < p ? -t : T(0))
};
struct magnitude {
  CRESSET_LOSS(std::fabs(x))
  CRESSET_SLOPE(x > T(0) ? T(1) : x < T(0) ? T(-1) : T(0))
};
struct crossEntropy {  // p: the element's weight. 1e-12 is Torch7's guard against log 0.
  CRESSET_LOSS(-p*(t* std::log(x + T(1e-12)) + (T(1) - t) * std::log(T(1) - x + T(1e-12))))
  CRESSET_SLOPE(-p*(t - x) / ((T(1) - x + T(1e-12)) * (x + T(1e-12))))
};

#undef CRESSET_LOSS
#undef CRESSET_SLOPE

}  // namespace cresset::nn::losses
