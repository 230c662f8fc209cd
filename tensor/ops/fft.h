// Discrete Fourier transforms along the last dimension (the last two for fft2), every other dimension being a
// batch. A complex tensor has one more dimension behind these, of size 2: real and imaginary part. Torch7 has
// none of these functions; forward transforms are sums without a factor, inverse ones have 1 / n, as in
// NumPy.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

// float and double; any length, in O(n log n). Sums are computed in double. The result may be x. Throw Error
// unless x has these dimensions (`expected complex numbers`).
/// [... x n x 2] to [... x n x 2]: X[k] = sum over j of x[j] exp(-2 pi i j k / n), both counted from 0.
void fft(const Tensor& result, const Tensor& x);
/// The inverse of fft.
void ifft(const Tensor& result, const Tensor& x);
/// [... x n] of real numbers to [... x floor(n / 2) + 1 x 2]: the first half of fft, which determines the
/// rest.
void rfft(const Tensor& result, const Tensor& x);
/// The inverse of rfft: [... x m x 2] to [... x n] real numbers; n is 2 (m - 1) or, as an odd number that
/// rfft cannot tell from it, 2 (m - 1) + 1. 0 means 2 (m - 1). What has no effect on real numbers, the
/// imaginary parts of x[0] and, for even n, x[m - 1], is not read. Throws Error (`expected a length`) for
/// other n.
void irfft(const Tensor& result, const Tensor& x, int64_t n = 0);
/// [... x h x w x 2] to the same: fft along both dimensions.
void fft2(const Tensor& result, const Tensor& x);
void ifft2(const Tensor& result, const Tensor& x);

// Kernel: each row by itself; contiguous. Forward and Inverse: [rows x n x 2] to the same. FromReal: [rows x
// n] to [rows x m x 2]. ToReal: the other way.
enum class Fourier { Forward, Inverse, FromReal, ToReal };
using FourierKernel = void(const Tensor& result, const Tensor& x, Fourier transform);
extern Slot<FourierKernel> fourierSlot;

}  // namespace cresset
