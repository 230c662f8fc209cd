// Rprop: steps by the sign of the gradient only, for gradients without noise.
#pragma once

#include "optim/FieldVisitor.h"

namespace cresset::optim {

/// The step size of a parameter grows by `etaplus` while the sign of its gradient stays, shrinks by
/// `etaminus` when it changes (and g counts as 0 once), within [stepsizemin, stepsizemax]; x -= sign(g) *
/// step size. Riedmiller and Braun 1993. Source: Torch7 optim.rprop, whose `niter` is the caller's loop here.
struct Rprop {
  static constexpr const char* kName = "optim.rprop";

  // Config
  double stepsize = 0.1;  // the first step size of every parameter
  double etaplus = 1.2, etaminus = 0.5, stepsizemax = 50, stepsizemin = 1e-6;
  double niter = 1;  // evaluations and steps of one call in Lua
  // State
  Tensor stepsizes{};  // Torch7 names it `stepsize` too
  Tensor delta{};      // the last gradient

  /// Checks the configuration; call it before the gradient is evaluated. Throws Error.
  void begin(const Tensor& x) const;
  /// Updates x in place from the gradient at x. `gradient` has x's type and number of elements, and is
  /// changed in place, 0 where its sign changed. Throws Error before anything changes.
  void step(const Tensor& x, const Tensor& gradient);
  void fields(FieldVisitor& visit);
};

}  // namespace cresset::optim
