#include "optim/Adamax.h"

#include <cmath>

#include "optim/step.h"

namespace cresset::optim {

void Adamax::begin(const Tensor& x) const { checkParameters(kName, x); }

void Adamax::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  m = stateLike(kName, "m", m, gradient);
  u = stateLike(kName, "u", u, gradient);
  ++t;
  const double scale = learningRate / (1 - std::pow(beta1, t));
  runStep(slotOfAdamax, {weightDecay, beta1, beta2, epsilon, scale}, {x, gradient, m, u});
}

void Adamax::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("beta1", beta1);
  visit.config("beta2", beta2);
  visit.config("epsilon", epsilon);
  visit.config("weightDecay", weightDecay);
  visit.state("t", t);
  visit.state("m", m);
  visit.state("u", u);
}

}  // namespace cresset::optim
