// Adagrad: steps that shrink with the sum of squared gradients.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// s += g^2, x -= clr * g / (sqrt(s) + 1e-10), with clr = learningRate / (1 + evalCounter *
/// learningRateDecay). Duchi, Hazan and Singer 2011. Source: Torch7 optim.adagrad.
struct Adagrad {
  static constexpr const char* kName = "optim.adagrad";

  // Config
  double learningRate = 1e-3, learningRateDecay = 0, weightDecay = 0;
  // State
  double evalCounter = 0;  // steps taken
  Tensor paramVariance{};  // s

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
