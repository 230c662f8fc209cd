// Adam: steps scaled by running means of the gradient and of its square.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
/// x -= clr sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon),
/// with clr = learningRate / (1 + (t - 1) * learningRateDecay) for step t = 1, 2, ...
/// Kingma and Ba 2014, with epsilon placed as in Torch7 optim.adam.
struct Adam {
  static constexpr const char* kName = "optim.adam";

  // Config
  double learningRate = 1e-3, learningRateDecay = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double weightDecay = 0;
  // State
  double t = 0;  // steps taken
  Tensor m{}, v{};

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
