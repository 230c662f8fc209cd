// The kernel slots of batch normalisation.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

/// What one batch normalisation works with. Tensors of n features each; weight and bias may be nil.
struct BatchNorm {
  Tensor weight, bias;
  Tensor runningMean, runningVar;
  Tensor saveMean, saveStd;  // of the batch: mean and 1 / standard deviation; written when training
  bool train;
  double momentum, eps;
};

// x, y, gx, gy: contiguous [batch x feature x ...].
/// Normalises each feature, with the batch's statistics when training, and then updates the running ones.
using BatchNormKernel = void(const Tensor& y, const Tensor& x, const BatchNorm& norm);
/// Any of gx, gradWeight and gradBias may be nil. Adds scale times the gradient to the last two.
using BatchNormGradientKernel = void(const Tensor& gx, const Tensor& gradWeight, const Tensor& gradBias,
                                     const Tensor& gy, const Tensor& x, const BatchNorm& norm, double scale);
extern Slot<BatchNormKernel> batchNormSlot;
extern Slot<BatchNormGradientKernel> batchNormGradientSlot;

}  // namespace cresset::nn
