// The kernel slots of two-dimensional pooling.
#pragma once

#include "nn/kernels.h"

namespace cresset::nn {

/// A window that slides over a plane. Padding belongs to no element.
struct Window {
  int64_t kW, kH, dW, dH, padW = 0, padH = 0, dilationW = 1, dilationH = 1;
};

// Tensors are contiguous [batch x planes x h x w].
/// `indices` receives the position of each maximum in its plane, from 1; 0 where the window has no number.
using MaxPoolingKernel = void(const Tensor& y, const Tensor& indices, const Tensor& x, const Window& window);
/// gx is overwritten: the sum of the elements of gy whose indices say so. Throws Error when an index is
/// outside, before it writes.
using MaxPoolingGradientKernel = void(const Tensor& gx, const Tensor& gy, const Tensor& indices);
extern Slot<MaxPoolingKernel> maxPoolingSlot;
extern Slot<MaxPoolingGradientKernel> maxPoolingGradientSlot;

/// What a window's sum is divided by.
enum class Divisor {
  Padded,  // its size within the padded plane
  Real,    // its size within the plane
  None,
};
using AveragePoolingKernel = void(const Tensor& y, const Tensor& x, const Window& window, Divisor divisor);
/// gx is zero when this is called.
using AveragePoolingGradientKernel = void(const Tensor& gx, const Tensor& gy, const Window& window,
                                          Divisor divisor);
extern Slot<AveragePoolingKernel> averagePoolingSlot;
extern Slot<AveragePoolingGradientKernel> averagePoolingGradientSlot;

}  // namespace cresset::nn
