// Stochastic gradient descent.
#pragma once

#include <optional>

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// x -= clr * g with clr = learningRate / (1 + evalCounter * learningRateDecay), where g is first changed by
/// weight decay, then replaced by its momentum: v = momentum * v + (1 - dampening) * g, v = g at first.
/// With `nesterov` the step goes along g + momentum * v instead of v, and the gradient is left as that.
/// Source: Torch7 optim.sgd.
struct Sgd {
  static constexpr const char* kName = "optim.sgd";

  // Config
  double learningRate = 1e-3, learningRateDecay = 0, weightDecay = 0, momentum = 0;
  std::optional<double> dampening{};  // as much as momentum when not given
  bool nesterov = false;              // needs momentum > 0 and dampening 0
  Tensor learningRates{};             // a factor for each parameter
  Tensor weightDecays{};              // for each parameter, where weightDecay is 0
  // State
  double evalCounter = 0;  // steps taken
  Tensor dfdx{};           // v

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place by weight decay and Nesterov momentum. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
