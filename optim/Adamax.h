// Adamax: Adam with a decaying maximum in the place of the mean square.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// m = beta1 m + (1 - beta1) g, u = max(beta2 u, |g| + epsilon),
/// x -= learningRate / (1 - beta1^t) * m / u for step t = 1, 2, ...
/// Kingma and Ba 2014, section 7.1. Source: Torch7 optim.adamax.
struct Adamax {
  static constexpr const char* kName = "optim.adamax";

  // Config
  double learningRate = 2e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-38, weightDecay = 0;
  // State
  double t = 0;  // steps taken
  Tensor m{}, u{};

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
