// Adadelta: steps in the units of the parameters, without a learning rate.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// s = rho s + (1 - rho) g^2, d = sqrt(a + eps) / sqrt(s + eps) * g, x -= d, a = rho a + (1 - rho) d^2.
/// Zeiler 2012. Source: Torch7 optim.adadelta.
struct Adadelta {
  static constexpr const char* kName = "optim.adadelta";

  // Config
  double rho = 0.9, eps = 1e-6, weightDecay = 0;
  // State
  double evalCounter = 0;  // steps taken
  Tensor paramVariance{};  // s
  Tensor accDelta{};       // a

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
