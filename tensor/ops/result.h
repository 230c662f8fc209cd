// Where an operation that cannot write over its sources puts its result.
#pragma once

#include <initializer_list>

#include "tensor/Tensor.h"

namespace cresset {

/// A contiguous tensor of these sizes to compute in: `result` itself, resized, unless it shares memory with a
/// source or its layout cannot be used; a fresh one of its type then. Hand it to `finish`.
Tensor targetFor(const Tensor& result, Sizes sizes, std::initializer_list<const Tensor*> sources);

/// Makes `result` hold what was computed in `target`.
void finish(const Tensor& result, const Tensor& target);

/// x, or a float copy of a tensor of half or bfloat16.
Tensor widened(const Tensor& x);

/// Runs `compute(r)` on a float tensor r and rounds it into `result`: for operations on half types that take
/// several steps, and must neither round nor overflow between them.
template <class Compute> void inFloat(const Tensor& result, const Compute& compute) {
  const Tensor r({DType::Float, result.device()});
  compute(r);
  result.resizeAs(r).copy(r);
}

/// True when both have one storage: writing to one may change the other.
bool sharesStorage(const Tensor& x, const Tensor& y);

}  // namespace cresset
