// The base of all criterions: a loss and its derivative.
#pragma once

#include <optional>
#include <string>

#include "nn/Activity.h"
#include "nn/FieldVisitor.h"

namespace cresset::nn {

/// A loss of an input and a target.
/// Source: Torch7 nn.Criterion.
class Criterion {
 public:
  virtual ~Criterion();
  virtual std::string typeName() const = 0;
  /// The loss.
  virtual double updateOutput(const Activity& input, const Activity& target) = 0;
  /// Its derivative by the input.
  virtual Activity updateGradInput(const Activity& input, const Activity& target) = 0;
  double forward(const Activity& input, const Activity& target) { return updateOutput(input, target); }
  Activity backward(const Activity& input, const Activity& target) { return updateGradInput(input, target); }

  /// Every field that Torch7's class has. Overriders call their base's first.
  virtual void fields(FieldVisitor& visit);
  virtual std::string toString() const { return typeName(); }
  /// The second result of Torch7's `forward` where it has one, such as ClassNLLCriterion's total weight.
  virtual std::optional<double> secondOutput() const { return {}; }
  /// Sets the field `sizeAverage`, where the class has one.
  virtual void setSizeAverage(bool value);

  /// Converts every tensor; tensors that shared a storage still do.
  void type(Type type);

  double output = 0;
  Activity gradInput;

 protected:
  Criterion();
};

}  // namespace cresset::nn
