// Convolution through oneDNN. All that includes oneDNN is in one module, libcresset_nn_dnnl.so, which is
// loaded by the first convolution: a program that convolves nothing does not pay for it.
#pragma once

#include "nn/convolution/kernels.h"

namespace cresset::nn {

/// Convolutions of floats. Each returns false, having done nothing, when oneDNN has no kernel for the case.
struct DnnlConvolution {
  bool (*forward)(const Tensor& y, const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const Convolution& c);
  bool (*gradInput)(const Tensor& gx, const Tensor& gy, const Tensor& weight, const Convolution& c);
  bool (*gradWeight)(const Tensor& gradWeight, const Tensor& gradBias, const Tensor& x, const Tensor& gy,
                     const Convolution& c, double scale);
};

/// Null when oneDNN is not there, or CRESSET_DNNL=0 forbids it.
const DnnlConvolution* dnnlConvolution();

}  // namespace cresset::nn
