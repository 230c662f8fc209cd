// Element by element: r = f(x), f(x, v), f(x, y), ... The rows are in pointwise.def.
// `result` is resized to x's sizes (or to the broadcast of all operands) and may be any of the operands;
// where it is x, it keeps its sizes. Operands pair up in logical order when their counts agree; otherwise
// NumPy's broadcasting applies. Throws Error on another type, on counts that do not fit, on integer division
// by zero.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

using UnaryKernel = void(const Tensor& result, const Tensor& x);
using ScalarKernel = void(const Tensor& result, const Tensor& x, double value);
using BinaryKernel = void(const Tensor& result, const Tensor& x, const Tensor& y);
using ScaledKernel = void(const Tensor& result, const Tensor& x, double k, const Tensor& y);
using TernaryKernel = void(const Tensor& result, const Tensor& x, double k, const Tensor& y, const Tensor& z);
using ClampKernel = void(const Tensor& result, const Tensor& x, double lo, double hi);

#define UNARY(name, functor, types, help)           \
  void name(const Tensor& result, const Tensor& x); \
  extern Slot<UnaryKernel> name##Slot;
#define UNARY_ONLY UNARY
#define SCALAR(name, functor, types, help)                        \
  void name(const Tensor& result, const Tensor& x, double value); \
  extern Slot<ScalarKernel> name##ScalarSlot;
#define BINARY(name, functor, types, help)                           \
  void name(const Tensor& result, const Tensor& x, const Tensor& y); \
  extern Slot<BinaryKernel> name##BinarySlot;
#define SCALED(name, functor, types, help)                                     \
  void name(const Tensor& result, const Tensor& x, double k, const Tensor& y); \
  extern Slot<ScaledKernel> name##ScaledSlot;
#define TERNARY(name, functor, types, help)                                                     \
  void name(const Tensor& result, const Tensor& x, double k, const Tensor& y, const Tensor& z); \
  extern Slot<TernaryKernel> name##TernarySlot;
#define COMPARE(name, functor, help)                                 \
  void name(const Tensor& result, const Tensor& x, const Tensor& y); \
  void name(const Tensor& result, const Tensor& x, double value);    \
  extern Slot<BinaryKernel> name##BinarySlot;                        \
  extern Slot<ScalarKernel> name##ScalarSlot;
#include "tensor/ops/pointwise.def"
#undef UNARY
#undef UNARY_ONLY
#undef SCALAR
#undef BINARY
#undef SCALED
#undef TERNARY
#undef COMPARE

/// x^value. The exponents 1, 2, 3, 0.5, -0.5, -1 and -2 use direct formulas, as Torch7 does.
void pow(const Tensor& result, const Tensor& x, double value);
/// value^x.
void pow(const Tensor& result, double value, const Tensor& x);
/// x limited to [lo, hi]; lo wins when x < lo, then hi, also when lo > hi.
void clamp(const Tensor& result, const Tensor& x, double lo, double hi);
/// x + weight * (y - x).
void lerp(const Tensor& result, const Tensor& x, const Tensor& y, double weight);
extern Slot<ScalarKernel> powSlot, powOfSlot;
extern Slot<ClampKernel> clampSlot;
extern Slot<ScaledKernel> lerpSlot;

/// True when the sizes agree and all elements are equal; a NaN is unequal.
bool equal(const Tensor& x, const Tensor& y);

}  // namespace cresset
