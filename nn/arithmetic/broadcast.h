// Learnt tensors that are smaller than the input they are combined with.
#pragma once

#include "tensor/Tensor.h"

namespace cresset::nn {

/// `parameter` as a view with x's sizes: element by element when the counts agree; over dimensions of size 1
/// when both have as many dimensions; otherwise the same for every sample of the batch x. Throws Error naming
/// `op` (`incorrect size: only supporting singleton expansion (size=1)`).
Tensor spread(const char* op, const Tensor& parameter, const Tensor& x);

/// The adjoint: adds scale times the elements of g, which has the sizes of `x`, to the elements of `gradient`
/// that `spread` would have put there.
void gatherInto(const char* op, const Tensor& gradient, double scale, const Tensor& g);

}  // namespace cresset::nn
