#include "optim/Asgd.h"

#include <algorithm>
#include <cmath>

#include "optim/step.h"

namespace cresset::optim {

void Asgd::begin(const Tensor& x) const { checkParameters(kName, x); }

void Asgd::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  ax = stateLike(kName, "ax", ax, x);
  runStep(slotOfAsgd, {lambda, eta_t.value_or(eta0), mu_t}, {x, gradient, ax});
  ++t;
  eta_t = eta0 / std::pow(1 + lambda * eta0 * t, alpha);
  mu_t = 1 / std::max(1.0, t - t0);
}

void Asgd::fields(FieldVisitor& visit) {
  visit.configWithDefault("eta0", eta0);
  visit.configWithDefault("lambda", lambda);
  visit.configWithDefault("alpha", alpha);
  visit.configWithDefault("t0", t0);
  visit.state("eta_t", eta_t);
  visit.state("mu_t", mu_t);
  visit.state("t", t);
  visit.state("ax", ax);
}

}  // namespace cresset::optim
