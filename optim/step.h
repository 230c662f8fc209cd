// What the steps of all first-order optimisers share: checks before anything changes, and the fused pass.
#pragma once

#include <array>
#include <initializer_list>
#include <span>

#include "optim/kernels.h"

namespace cresset::optim {

/// Throws unless x is a tensor of a floating type, half types included.
void checkParameters(const char* op, const Tensor& x);

/// Throws unless `gradient` is a tensor of x's type with as many elements.
void checkGradient(const char* op, const Tensor& x, const Tensor& gradient);

/// A tensor with a value for each parameter that the user gave, such as learning rates, in x's type. Nil for
/// nil. Throws when it has another number of elements.
Tensor perParameter(const char* op, const char* name, const Tensor& values, const Tensor& x);

/// A state tensor: `value` itself, or with nil a new one like `gradient`, filled with `initial`. Throws when
/// the value does not fit the parameters, as after loading another net's state.
Tensor stateLike(const char* op, const char* name, const Tensor& value, const Tensor& gradient,
                 double initial = 0);

/// Operands as kernels want them: contiguous, float for half types, and the gradient apart from the
/// parameters. Copies stand in for those that are not.
class FlatOperands {
 public:
  FlatOperands(std::initializer_list<Tensor> operands);
  std::span<const Tensor> span() const { return {flat_.data(), static_cast<size_t>(n_)}; }
  /// Copies what changed back into the first `n` operands.
  void finish(int n, bool changesGradient) const;

 private:
  int n_ = 0;
  std::array<Tensor, 5> original_, flat_;
};

/// Updates parameters, state and, when the update changes it, the gradient. Operands: x, gradient, state,
/// and a factor of the learning rate for each parameter where the update takes one; a nil factor is left out.
/// All of one type and number of elements; their shapes may differ.
template <class Update>
void runStep(const Slot<StepKernel<Update>>& slot, const Update& update,
             std::initializer_list<Tensor> operands) {
  auto* kernel = slot.on(*operands.begin());
  if (operands.begin()->empty()) return;
  const FlatOperands flat(operands);
  kernel(update, flat.span());
  flat.finish(Update::kOperands, update.changesGradient());
}

}  // namespace cresset::optim
