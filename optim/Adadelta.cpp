#include "optim/Adadelta.h"

#include "optim/step.h"

namespace cresset::optim {

void Adadelta::begin(const Tensor& x) const { checkParameters(kName, x); }

void Adadelta::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  paramVariance = stateLike(kName, "paramVariance", paramVariance, gradient);
  accDelta = stateLike(kName, "accDelta", accDelta, gradient);
  runStep(slotOfAdadelta, {weightDecay, rho, eps}, {x, gradient, paramVariance, accDelta});
  ++evalCounter;
}

void Adadelta::fields(FieldVisitor& visit) {
  visit.config("rho", rho);
  visit.config("eps", eps);
  visit.config("weightDecay", weightDecay);
  visit.state("evalCounter", evalCounter);
  visit.state("paramVariance", paramVariance);
  visit.state("accDelta", accDelta);
}

}  // namespace cresset::optim
