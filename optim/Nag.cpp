#include "optim/Nag.h"

#include "optim/step.h"

namespace cresset::optim {

void Nag::begin(const Tensor& x) const {
  checkParameters(kName, x);
  if (!(momentum > 0)) fail(kName, {"Momentum must be positive for Nesterov Accelerated Gradient"});
  perParameter(kName, "learningRates", learningRates, x);
  if (dfdx) x.add(momentum, stateLike(kName, "dfdx", dfdx, x));
}

void Nag::step(const Tensor& x, const Tensor& gradient) {
  checkParameters(kName, x);
  checkGradient(kName, x, gradient);
  const Tensor rates = perParameter(kName, "learningRates", learningRates, x);
  dfdx = stateLike(kName, "dfdx", dfdx, gradient);
  const double clr = learningRate / (1 + evalCounter * learningRateDecay);
  runStep(slotOfNag, {weightDecay, momentum, clr}, {x, gradient, dfdx, rates});
  ++evalCounter;
}

void Nag::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("learningRateDecay", learningRateDecay);
  visit.config("weightDecay", weightDecay);
  visit.config("momentum", momentum);
  visit.config("dampening", dampening);
  visit.config("learningRates", learningRates);
  visit.state("evalCounter", evalCounter);
  visit.state("dfdx", dfdx);
}

}  // namespace cresset::optim
