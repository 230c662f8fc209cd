// Elements picked by a mask: a ByteTensor of zeros and ones with as many elements as x, in logical order (or
// of sizes that broadcast to x's). Throws Error (`Mask tensor can take 0 and 1 values only`, `inconsistent
// tensor size`) before anything is written.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

void maskedFill(const Tensor& x, const Tensor& mask, double value);
/// The elements of x where the mask is 1 become the first of `source`'s. Throws Error (`Number of elements of
/// src < number of ones in mask`).
void maskedCopy(const Tensor& x, const Tensor& mask, const Tensor& source);
/// The elements of x where the mask is 1, as a vector; empty when there are none.
void maskedSelect(const Tensor& result, const Tensor& x, const Tensor& mask);
/// The positions, counted from 1, of the elements that are not 0: a LongTensor [k x x.dim()] in row-major
/// order; empty when there are none.
void nonzero(const Tensor& result, const Tensor& x);

/// x where the condition, a ByteTensor, is not 0, y elsewhere; all three broadcast by NumPy's rule. Throws
/// Error (`inconsistent tensor size`) when their sizes do not. Torch7 lacks it.
void where(const Tensor& result, const Tensor& condition, const Tensor& x, const Tensor& y);

// Kernels. Masks have x's sizes and hold zeros and ones; in the last three all tensors are contiguous, and
// `source` and `result` have their sizes.
using MaskedFillKernel = void(const Tensor& x, const Tensor& mask, double value);
using MaskedMoveKernel = void(const Tensor& x, const Tensor& mask, const Tensor& other);
using NonzeroKernel = void(const Tensor& result, const Tensor& mask);
extern Slot<MaskedFillKernel> maskedFillSlot;
extern Slot<MaskedMoveKernel> maskedCopySlot, maskedSelectSlot;
/// All four have equal sizes; the result is apart from the others.
using WhereKernel = void(const Tensor& result, const Tensor& condition, const Tensor& x, const Tensor& y);
extern Slot<NonzeroKernel> nonzeroSlot;
extern Slot<WhereKernel> whereSlot;

}  // namespace cresset
