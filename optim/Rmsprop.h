// RMSprop: steps scaled by a running mean of the squared gradient.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// m = alpha m + (1 - alpha) g^2, m = initialMean at first; x -= learningRate * g / (sqrt(m) + epsilon).
/// Source: Torch7 optim.rmsprop.
struct Rmsprop {
  static constexpr const char* kName = "optim.rmsprop";

  // Config
  double learningRate = 1e-2, alpha = 0.99, epsilon = 1e-8, weightDecay = 0, initialMean = 0;
  // State
  Tensor m{};

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
