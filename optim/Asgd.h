// Averaged stochastic gradient descent.
#pragma once

#include <optional>

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// x = (1 - lambda eta) x - eta g; ax = x while mu is 1, then ax += mu (x - ax); after step t
/// eta = eta0 / (1 + lambda eta0 t)^alpha and mu = 1 / max(1, t - t0).
/// Bottou 2012, after Xu 2011. Source: Torch7 optim.asgd.
struct Asgd {
  static constexpr const char* kName = "optim.asgd";

  // Config
  double eta0 = 1e-4, lambda = 1e-4, alpha = 0.75, t0 = 1e6;
  // State
  std::optional<double> eta_t{};  // eta0 at first
  double mu_t = 1;
  double t = 0;  // steps taken
  Tensor ax{};   // the averaged parameters

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x, which has the type and number of elements of x. Throws Error
  /// before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
