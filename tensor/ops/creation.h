// Tensors made from nothing but numbers, and the same elements in another shape.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

void zeros(const Tensor& result, Sizes sizes);
void ones(const Tensor& result, Sizes sizes);
/// n x m with ones on the diagonal; m <= 0 means n. Throws Error (`invalid argument`) unless n > 0.
void eye(const Tensor& result, int64_t n, int64_t m = 0);

// These three keep the result's shape when it has the right number of elements already.
/// a, a + step, ... up to b inclusive. Integer types truncate the three numbers first. Throws Error when step
/// is 0 or leads away from b.
void range(const Tensor& result, double a, double b, double step = 1);
/// n points from a to b, both included; integer types, which Torch7 lacks here, truncate each. Throws Error
/// (`invalid number of points`) when n < 1, or n = 1 and a != b.
void linspace(const Tensor& result, double a, double b, int64_t n = 100);
/// 10 to the power of linspace's points; integer types truncate.
void logspace(const Tensor& result, double a, double b, int64_t n = 100);

/// A contiguous copy in other sizes; throws Error (`inconsistent tensor size`) unless the counts agree.
void reshape(const Tensor& result, const Tensor& x, Sizes sizes);

// Kernel: element i of the contiguous result becomes start + i * step / divisor.
using SequenceKernel = void(const Tensor& result, double start, double step, double divisor);
extern Slot<SequenceKernel> sequenceSlot;

}  // namespace cresset
