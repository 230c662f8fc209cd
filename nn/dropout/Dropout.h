// nn.Dropout.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// In training, each element is dropped with probability p and the others are divided by 1 - p; outside it, a
/// copy. The first version of the class (`v1`) multiplied by 1 - p outside training instead. `noise` is drawn
/// for every training step from the default generator, one number for each element. Errors: p outside [0, 1)
/// (`illegal percentage`). Source: Torch7 nn.Dropout.
class Dropout final : public TensorModule {
 public:
  explicit Dropout(double probability = 0.5, bool isVersion1 = false, bool isInplace = false,
                   bool isStochastic = false);
  std::string typeName() const override { return "nn.Dropout"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;
  void setp(double probability);

  double p = 0.5;
  bool v2 = true;
  std::optional<bool> inplace;
  bool stochastic_inference = false;  // drop outside training too
  Tensor noise;                       // what the last input was multiplied with

 private:
  bool isInplace() const { return inplace.value_or(false); }
};

}  // namespace cresset::nn
