// Draws from the default generator, one for each element in memory order, as Torch7 draws them.
#pragma once

#include "tensor/Tensor.h"

namespace cresset::nn {

/// From [a, b).
void fillUniform(const Tensor& x, double a, double b);
void fillNormal(const Tensor& x, double mean, double stdv);
/// 1 with probability p, otherwise 0.
void fillBernoulli(const Tensor& x, double p);

}  // namespace cresset::nn
