#include "optim/Adam.h"

#include <cmath>

#include "optim/step.h"

namespace cresset::optim {

void Adam::begin(const Tensor& x) const { checkParameters(kName, x); }

void Adam::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  m = stateLike(kName, "m", m, gradient);
  v = stateLike(kName, "v", v, gradient);
  const double clr = learningRate / (1 + t * learningRateDecay);
  ++t;
  const double scale = clr * std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t));
  runStep(slotOfAdam, {weightDecay, beta1, beta2, epsilon, scale}, {x, gradient, m, v});
}

void Adam::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("learningRateDecay", learningRateDecay);
  visit.config("beta1", beta1);
  visit.config("beta2", beta2);
  visit.config("epsilon", epsilon);
  visit.config("weightDecay", weightDecay);
  visit.state("t", t);
  visit.state("m", m);
  visit.state("v", v);
}

}  // namespace cresset::optim
