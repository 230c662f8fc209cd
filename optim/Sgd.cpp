#include "optim/Sgd.h"

#include "optim/step.h"
#include "tensor/ops/pointwise.h"

namespace cresset::optim {

void Sgd::begin(const Tensor& x) const {
  checkParameters(kName, x);
  if (nesterov && !(momentum > 0 && dampening.value_or(momentum) == 0))
    fail(kName, {"Nesterov momentum requires a momentum and zero dampening"});
}

void Sgd::step(const Tensor& x, const Tensor& gradient) {
  begin(x);
  checkGradient(kName, x, gradient);
  const Tensor rates = perParameter(kName, "learningRates", learningRates, x);
  const Tensor decays = perParameter(kName, "weightDecays", weightDecays, x);
  const bool isFirst = !dfdx;
  if (momentum != 0) dfdx = stateLike(kName, "dfdx", dfdx, gradient);

  if (weightDecay == 0 && decays) addcmul(gradient, gradient, 1, decays, x);
  const double clr = learningRate / (1 + evalCounter * learningRateDecay);
  // The first velocity is the whole gradient: from zero, without dampening.
  const double damp = isFirst ? 0 : dampening.value_or(momentum);
  if (momentum == 0) {
    runStep(slotOfSgd, {weightDecay, clr}, {x, gradient, rates});
  } else if (nesterov) {
    runStep(slotOfNesterov, {weightDecay, momentum, clr}, {x, gradient, dfdx, rates});
  } else {
    runStep(slotOfMomentum, {weightDecay, momentum, damp, clr}, {x, gradient, dfdx, rates});
  }
  ++evalCounter;
}

void Sgd::fields(FieldVisitor& visit) {
  visit.config("learningRate", learningRate);
  visit.config("learningRateDecay", learningRateDecay);
  visit.config("weightDecay", weightDecay);
  visit.config("momentum", momentum);
  visit.config("dampening", dampening);
  visit.config("nesterov", nesterov);
  visit.config("learningRates", learningRates);
  visit.config("weightDecays", weightDecays);
  visit.state("evalCounter", evalCounter);
  visit.state("dfdx", dfdx);
}

}  // namespace cresset::optim
