#include "optim/Rprop.h"

#include "optim/step.h"

namespace cresset::optim {

void Rprop::begin(const Tensor& x) const { checkParameters(kName, x); }

void Rprop::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  stepsizes = stateLike(kName, "stepsize", stepsizes, gradient, stepsize);
  delta = stateLike(kName, "delta", delta, gradient);
  runStep(slotOfRprop, {etaplus, etaminus, stepsizemax, stepsizemin}, {x, gradient, delta, stepsizes});
}

void Rprop::fields(FieldVisitor& visit) {
  visit.configAndState("stepsize", stepsize, stepsizes);
  visit.config("etaplus", etaplus);
  visit.config("etaminus", etaminus);
  visit.config("stepsizemax", stepsizemax);
  visit.config("stepsizemin", stepsizemin);
  visit.config("niter", niter);
  visit.state("delta", delta);
}

}  // namespace cresset::optim
