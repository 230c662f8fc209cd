// Nesterov's accelerated gradient, in the form that moves before it looks.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// begin: x += momentum * v; then the gradient is evaluated there; step: g += weightDecay * x, x -= clr * g,
/// v = momentum * v - clr * g, with clr = learningRate / (1 + evalCounter * learningRateDecay).
/// Source: Torch7 optim.nag.
struct Nag {
  static constexpr const char* kName = "optim.nag";

  // Config
  double learningRate = 1e-3, learningRateDecay = 0, weightDecay = 0, momentum = 0.9;
  double dampening = 0;    // read, not used
  Tensor learningRates{};  // a factor for each parameter
  // State
  double evalCounter = 0;  // steps taken
  Tensor dfdx{};           // v

  /// Checks the configuration and moves x along the velocity; call it before the gradient is evaluated.
  /// Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
