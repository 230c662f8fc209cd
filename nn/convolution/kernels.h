// The kernel slots of two-dimensional convolution. Full (transposed) convolution swaps the first two.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

/// How the kernel moves.
struct Convolution {
  int64_t dW = 1, dH = 1, padW = 0, padH = 0, dilationW = 1, dilationH = 1;
};

// Tensors are contiguous: x [batch x nInputPlane x iH x iW], weight [nOutputPlane x nInputPlane x kH x kW],
// y [batch x nOutputPlane x oH x oW], bias [nOutputPlane] or nil. Results have their sizes and are
// overwritten, but for the parameters' gradients, which are added to.
using ConvolutionKernel = void(const Tensor& y, const Tensor& x, const Tensor& weight, const Tensor& bias,
                               const Convolution& c);
using ConvolutionGradInputKernel = void(const Tensor& gx, const Tensor& gy, const Tensor& weight,
                                        const Convolution& c);
/// gradBias may be nil.
using ConvolutionGradWeightKernel = void(const Tensor& gradWeight, const Tensor& gradBias, const Tensor& x,
                                         const Tensor& gy, const Convolution& c, double scale);
extern Slot<ConvolutionKernel> convolutionSlot;
extern Slot<ConvolutionGradInputKernel> convolutionGradInputSlot;
extern Slot<ConvolutionGradWeightKernel> convolutionGradWeightSlot;

}  // namespace cresset::nn
