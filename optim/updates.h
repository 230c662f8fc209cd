// What each optimiser does to one parameter, on the CPU and on the GPU alike: x the parameter, g its
// gradient, then the state. A step calls the update for every parameter, in one pass over memory. The numbers
// are those of one step, with schedules and bias corrections worked out.
#pragma once

#include <cmath>

#include "tensor/ops/pointwise_functors.h"

namespace cresset::optim::update {

// kOperands counts x, g and the state tensors. Where a `rate` follows, it is an optional operand: the factor
// of a parameter's learning rate. The new g is stored when changesGradient() says so, since Torch7's scripts
// may look at it; each skipped store saves memory traffic.

struct Sgd {
  static constexpr int kOperands = 2;
  static constexpr bool kTakesRate = true;
  double weightDecay, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T rate = T(1)) const {
    g += T(weightDecay) * x;
    x -= T(step) * (rate * g);
  }
};

struct Momentum {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = true;
  double weightDecay, momentum, dampening, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& v, T rate = T(1)) const {
    g += T(weightDecay) * x;
    v = T(momentum) * v + T(1 - dampening) * g;
    x -= T(step) * (rate * v);
  }
};

/// Momentum whose step looks ahead along the new velocity.
struct Nesterov {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = true;
  double weightDecay, momentum, step;
  bool changesGradient() const { return true; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& v, T rate = T(1)) const {
    g += T(weightDecay) * x;
    v = T(momentum) * v + g;
    g += T(momentum) * v;
    x -= T(step) * (rate * g);
  }
};

/// The second half of Nesterov's accelerated gradient; x was moved by momentum * v before g was taken.
struct Nag {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = true;
  double weightDecay, momentum, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& v, T rate = T(1)) const {
    g += T(weightDecay) * x;
    const T change = T(step) * (rate * g);
    x -= change;
    v = T(momentum) * v - change;
  }
};

struct Adam {
  static constexpr int kOperands = 4;
  static constexpr bool kTakesRate = false;
  double weightDecay, beta1, beta2, epsilon, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& m, T& v) const {
    g += T(weightDecay) * x;
    m = T(beta1) * m + T(1 - beta1) * g;
    v = T(beta2) * v + T(1 - beta2) * (g * g);
    x -= T(step) * (m / (std::sqrt(v) + T(epsilon)));
  }
};

struct Adamax {
  static constexpr int kOperands = 4;
  static constexpr bool kTakesRate = false;
  double weightDecay, beta1, beta2, epsilon, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& m, T& u) const {
    g += T(weightDecay) * x;
    m = T(beta1) * m + T(1 - beta1) * g;
    const T decayed = T(beta2) * u, fresh = std::fabs(g) + T(epsilon);
    u = fresh > decayed ? fresh : decayed;
    x -= T(step) * (m / u);
  }
};

struct Rmsprop {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = false;
  double weightDecay, alpha, epsilon, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& m) const {
    g += T(weightDecay) * x;
    m = T(alpha) * m + T(1 - alpha) * (g * g);
    x -= T(step) * (g / (std::sqrt(m) + T(epsilon)));
  }
};

struct Adagrad {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = false;
  double weightDecay, epsilon, step;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& s) const {
    g += T(weightDecay) * x;
    s += g * g;
    x -= T(step) * (g / (std::sqrt(s) + T(epsilon)));
  }
};

struct Adadelta {
  static constexpr int kOperands = 4;
  static constexpr bool kTakesRate = false;
  double weightDecay, rho, epsilon;
  bool changesGradient() const { return weightDecay != 0; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& s, T& a) const {
    g += T(weightDecay) * x;
    s = T(rho) * s + T(1 - rho) * (g * g);
    const T change = std::sqrt(a + T(epsilon)) / std::sqrt(s + T(epsilon)) * g;
    x -= change;
    a = T(rho) * a + T(1 - rho) * (change * change);
  }
};

struct Asgd {
  static constexpr int kOperands = 3;
  static constexpr bool kTakesRate = false;
  double lambda, eta, mu;
  bool changesGradient() const { return false; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& ax) const {
    x = T(1 - lambda * eta) * x - T(eta) * g;
    // mu = 1 copies: the other formula would keep a NaN, or ax's rounding, for ever.
    ax = T(mu) == T(1) ? x : ax + T(mu) * (x - ax);
  }
};

struct Rprop {
  static constexpr int kOperands = 4;
  static constexpr bool kTakesRate = false;
  double etaplus, etaminus, largest, smallest;
  bool changesGradient() const { return true; }
  template <class T> CRESSET_HD void operator()(T& x, T& g, T& before, T& size) const {
    const T agreement = g * before;
    const T factor = agreement > T(0) ? T(etaplus) : agreement < T(0) ? T(etaminus) : T(1);
    g = agreement < T(0) ? T(0) : g;
    const T grown = size * factor;
    const T bounded = grown > T(largest) ? T(largest) : grown;
    size = bounded < T(smallest) ? T(smallest) : bounded;
    x -= g > T(0) ? size : g < T(0) ? -size : T(0);
    before = g;
  }
};

}  // namespace cresset::optim::update
