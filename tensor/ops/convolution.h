// Sliding a small kernel over images and volumes.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Valid: positions where the kernel lies inside x, n - k + 1 along a dimension of n. Full: where it touches
/// x, n + k - 1; what lies outside of x counts as 0.
enum class Extent { Valid, Full };

/// Convolution (the kernel is flipped) and cross-correlation (it is not) over the last two or three
/// dimensions, stride 1. For two dimensions:
///   x [H x W], k [h x w]: one plane;
///   x [P x H x W], k [P x h x w]: each plane with its own kernel, P planes;
///   x [P x H x W], k [Q x P x h x w]: plane q is the sum over p of plane p with kernel (q, p), Q planes.
/// Integers wrap. The result may be an operand. Throws Error for other numbers of dimensions and with
/// `invalid number of input/kernel planes`, `invalid number of input planes`, or, for Valid, `Input image is
/// smaller than kernel`.
void conv2(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent = Extent::Valid);
void xcorr2(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent = Extent::Valid);
void conv3(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent = Extent::Valid);
void xcorr3(const Tensor& result, const Tensor& x, const Tensor& k, Extent extent = Extent::Valid);

// Kernel: the valid correlation. result [Q x D-d+1 x H-h+1 x W-w+1], plane by plane the sum over p of
// x [Q x P x D x H x W] with k [Q x P x d x h x w]. Contiguous, but for x's stride along Q, which may be 0.
using CorrelationKernel = void(const Tensor& result, const Tensor& x, const Tensor& k);
extern Slot<CorrelationKernel> correlationSlot;

}  // namespace cresset
