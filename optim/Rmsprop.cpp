#include "optim/Rmsprop.h"

#include "optim/step.h"

namespace cresset::optim {

void Rmsprop::begin(const Tensor& x) const { checkParameters(kName, x); }

void Rmsprop::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  m = stateLike(kName, "m", m, gradient, initialMean);
  runStep(slotOfRmsprop, {weightDecay, alpha, epsilon, learningRate}, {x, gradient, m});
}

void Rmsprop::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("alpha", alpha);
  visit.config("epsilon", epsilon);
  visit.config("weightDecay", weightDecay);
  visit.config("initialMean", initialMean);
  visit.state("m", m);
}

}  // namespace cresset::optim
