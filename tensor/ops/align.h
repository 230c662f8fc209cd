// How operands of different sizes are paired.
#pragma once

#include "tensor/Error.h"
#include "tensor/Tensor.h"

namespace cresset {

/// A view (or, when the memory does not allow one, a contiguous copy) of `x` with `like`'s sizes: elements
/// pair up in logical order when the counts agree, otherwise NumPy's broadcasting applies. Throws Error
/// (`inconsistent tensor size`) naming `op` and the argument when neither fits.
Tensor alignTo(const char* op, Arg argument, const Tensor& x, const Tensor& like);

/// The sizes of a result of x and y: x's when the counts agree or one is empty, otherwise NumPy's broadcast
/// of both. Throws Error (`inconsistent tensor size`) naming `op` and y's place when there is none.
Shape broadcastSizes(const char* op, Arg argument, const Tensor& x, const Tensor& y);

/// NumPy's broadcast of both sizes in `sizes`; false when there is none.
bool broadcast(Sizes x, Sizes y, Shape& sizes);

}  // namespace cresset
