#include "optim/Adagrad.h"

#include "optim/step.h"

namespace cresset::optim {

void Adagrad::begin(const Tensor& x) const { checkParameters(kName, x); }

void Adagrad::step(const Tensor& x, const Tensor& gradient) {
  constexpr double kEpsilon = 1e-10;  // Torch7's
  begin(x);
  checkGradient(kName, x, gradient);
  paramVariance = stateLike(kName, "paramVariance", paramVariance, gradient);
  const double clr = learningRate / (1 + evalCounter * learningRateDecay);
  runStep(slotOfAdagrad, {weightDecay, kEpsilon, clr}, {x, gradient, paramVariance});
  ++evalCounter;
}

void Adagrad::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("learningRateDecay", learningRateDecay);
  visit.config("weightDecay", weightDecay);
  visit.state("evalCounter", evalCounter);
  visit.state("paramVariance", paramVariance);
}

}  // namespace cresset::optim
