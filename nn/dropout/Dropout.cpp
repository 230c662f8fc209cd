#include "nn/dropout/Dropout.h"

#include <cstdio>

#include "tensor/Error.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/random.h"

namespace cresset::nn {
namespace {

void checkProbability(double p) {
  if (!(p >= 0 && p < 1))
    fail("nn.Dropout", arg(1, "p"), {"<Dropout> illegal percentage, must be 0 <= p < 1: got ", text(p)});
}

}  // namespace

Dropout::Dropout(double probability, bool isVersion1, bool isInplace, bool isStochastic)
    : p(probability), v2(!isVersion1), stochastic_inference(isStochastic), noise(defaultType()) {
  checkProbability(p);
  train = true;
  if (isInplace) inplace = true;
}

Tensor Dropout::updateOutput(const Tensor& input) {
  checkInput(input, output);
  if (isInplace()) {
    output.set(input);
  } else {
    output.resizeAs(input).copy(input);
  }
  if (p > 0 && (isTraining() || stochastic_inference)) {
    if (!noise || noise.type() != input.type()) noise = Tensor(input.type());
    noise.resizeAs(input);
    bernoulli(noise, 1 - p);
    if (v2) noise.div(1 - p);
    output.cmul(noise);
  } else if (p > 0 && !v2) {
    output.mul(1 - p);
  }
  return output;
}

Tensor Dropout::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  gradInputLike(input, gradOutput);
  if (isInplace()) {
    gradInput.set(gradOutput);
  } else {
    gradInput.copy(gradOutput);
  }
  if (p > 0 && isTraining()) {
    if (!noise || noise.nElement() != gradInput.nElement())
      fail("nn.Dropout",
           {"updateGradInput needs the noise of updateOutput for the same input ", describe(input)});
    gradInput.cmul(noise);
  } else if (p > 0 && !v2) {
    gradInput.mul(1 - p);
  }
  return gradInput;
}

void Dropout::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("p", p, 0.5)("v2", v2)("inplace", inplace)("stochastic_inference", stochastic_inference)("noise",
                                                                                                 noise);
}

std::string Dropout::toString() const {
  char number[64];
  std::snprintf(number, sizeof number, "%f", p);
  return typeName() + "(" + number + ")";
}

void Dropout::setp(double probability) {
  checkProbability(probability);
  p = probability;
}

}  // namespace cresset::nn
