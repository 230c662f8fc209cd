#include "tensor/ops/pointwise.h"

#include <cmath>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/align.h"
#include "tensor/ops/families.h"
#include "tensor/ops/pointwise_functors.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {
namespace {

bool isIntegral(DType dtype) { return contains(Integer, dtype); }

/// Operations whose integer form divides by its last operand.
template <class F>
constexpr bool kDivides = std::is_same_v<F, functor::divides> || std::is_same_v<F, functor::modulo> ||
                          std::is_same_v<F, functor::floorModulo> || std::is_same_v<F, functor::addQuotient>;

template <class F> void checkDivisor(const char* op, const Tensor& x, double value) {
  if constexpr (kDivides<F>) {
    if (!isIntegral(x.dtype())) return;
    // As the kernel converts it: 2^32 is zero in an IntTensor.
    if (visit<Integer>(op, x.type(), [&]<class T>() { return fromDouble<T>(value) == 0; }))
      fail(op, arg(3, "value"), {"integer division by zero"});
  }
}

/// The divisor, checked; a copy when writing to the result might make a zero of an integer that is still to
/// be read.
template <class F> Tensor checkDivisor(const char* op, const Tensor& divisor, const Tensor& result) {
  if constexpr (kDivides<F>) {
    if (!isIntegral(divisor.dtype()) || divisor.empty()) return divisor;
    Tensor zeros({DType::Byte, divisor.device()});
    eq(zeros, divisor, 0.0);
    if (maxAll(zeros) > 0) fail(op, {"integer division by zero in the divisor ", describe(divisor)});
    if (sharesStorage(divisor, result) && !divisor.isSetTo(result)) return divisor.clone();
  }
  return divisor;
}

/// The row's name as Torch7 spells it.
std::string torchName(std::string row) {
  if (row.back() == '_') row.pop_back();
  return row;
}

/// Floating types have the operations on bits too, as in Torch7, but only to say that they cannot do them.
constexpr TypeSet declaredTypes(TypeSet types) { return types == Integer ? Real | NotHalves : types; }

template <TypeSet types> void checkBits(const char* row, const Tensor& x) {
  if constexpr (types == Integer) {
    if (!isIntegral(x.dtype()))
      fail(torchName(row), arg(2, "x"), {"only supported for integer type tensors, got ", describe(x)});
  }
}

/// Resizes the result to x's sizes; an operand that is the result keeps its object.
void resizeLike(const Tensor& result, const Tensor& x) {
  if (!result.is(x)) result.resizeAs(x);
}

/// Checks types and sizes of a binary operation, resizes the result, and hands aligned operands to `run`.
/// In place (result is x), x keeps its sizes and y is fitted to them.
template <class Run>
void binary(const char* op, const Tensor& result, const Tensor& x, const Tensor& y, Run run) {
  checkSameType(op, arg(3, "y"), y, x);
  if (x.isSameSizeAs(y)) {  // the common case first
    resizeLike(result, x);
    if (!x.empty()) run(result, x, y);
    return;
  }
  if (result.is(x)) {
    const Tensor other = alignTo(op, arg(3, "y"), y, x);
    if (!x.empty()) run(result, x, other);
    return;
  }
  const Shape sizes = broadcastSizes(op, arg(3, "y"), x, y);
  if (elementCount(sizes) == 0) {
    checkSameElements(op, arg(3, "y"), y, x);
    result.resize({});
    return;
  }
  // y may be the result, which must not lose its content before it is read.
  const Tensor target(x.type(), sizes);
  run(target, alignTo(op, arg(2, "x"), x, target), alignTo(op, arg(3, "y"), y, target));
  result.resize(sizes);
  result.copy(target);
}

/// The same for three operands.
template <class Run>
void ternary(const char* op, const Tensor& result, const Tensor& x, const Tensor& y, const Tensor& z,
             Run run) {
  if (result.is(x) || x.empty() || (y.isSameSizeAs(x) && z.isSameSizeAs(x))) {
    const Tensor second = alignTo(op, arg(3, "y"), y, x), third = alignTo(op, arg(4, "z"), z, x);
    resizeLike(result, x);
    if (!x.empty()) run(result, x, second, third);
    return;
  }
  Tensor first = x.expand(broadcastSizes(op, arg(3, "y"), x, y));
  first = first.expand(broadcastSizes(op, arg(4, "z"), first, z));
  const Tensor second = alignTo(op, arg(3, "y"), y, first), third = alignTo(op, arg(4, "z"), z, first);
  const Tensor target(x.type(), first.sizes());  // y or z may be the result, as in `binary`
  run(target, first, second, third);
  result.resizeAs(target).copy(target);
}

/// The same for a comparison, whose result may be of another type.
template <class Run>
void compare(const char* op, const Tensor& result, const Tensor& x, const Tensor& y, Run run) {
  checkSameType(op, arg(3, "y"), y, x);
  if (x.empty() != y.empty()) checkSameElements(op, arg(3, "y"), y, x);
  if (x.empty()) return (void)result.resize({});
  const bool grows = !result.is(x) && !x.isSameSizeAs(y);
  const Tensor first = grows ? x.expand(broadcastSizes(op, arg(3, "y"), x, y)) : x;
  const Tensor second = alignTo(op, arg(3, "y"), y, first);
  const Tensor target = grows && result.is(y) ? Tensor(result.type()) : result;
  resizeLike(target, first);
  run(target, first, second);
  finish(result, target);
}

}  // namespace

#define UNARY(name, functor_, types, help)             \
  Slot<UnaryKernel> name##Slot{#name};                 \
  void name(const Tensor& result, const Tensor& x) {   \
    checkSameType(#name, arg(1, "result"), result, x); \
    resizeLike(result, x);                             \
    if (!x.empty()) name##Slot.on(x)(result, x);       \
  }
#define UNARY_ONLY UNARY
#define SCALAR(name, functor_, types, help)                        \
  Slot<ScalarKernel> name##ScalarSlot{#name};                      \
  void name(const Tensor& result, const Tensor& x, double value) { \
    checkSameType(#name, arg(1, "result"), result, x);             \
    checkBits<types>(#name, x);                                    \
    checkDivisor<functor::functor_>(#name, x, value);              \
    resizeLike(result, x);                                         \
    if (!x.empty()) name##ScalarSlot.on(x)(result, x, value);      \
  }
#define BINARY(name, functor_, types, help)                                                             \
  Slot<BinaryKernel> name##BinarySlot{#name};                                                           \
  void name(const Tensor& result, const Tensor& x, const Tensor& y) {                                   \
    checkSameType(#name, arg(1, "result"), result, x);                                                  \
    checkBits<types>(#name, x);                                                                         \
    binary(#name, result, x, checkDivisor<functor::functor_>(#name, y, result),                         \
           [](const Tensor& r, const Tensor& a, const Tensor& b) { name##BinarySlot.on(a)(r, a, b); }); \
  }
#define SCALED(name, functor_, types, help)                                                                 \
  Slot<ScaledKernel> name##ScaledSlot{#name};                                                               \
  void name(const Tensor& result, const Tensor& x, double k, const Tensor& y) {                             \
    checkSameType(#name, arg(1, "result"), result, x);                                                      \
    binary(#name, result, x, y,                                                                             \
           [k](const Tensor& r, const Tensor& a, const Tensor& b) { name##ScaledSlot.on(a)(r, a, k, b); }); \
  }
#define TERNARY(name, functor_, types, help)                                                     \
  Slot<TernaryKernel> name##TernarySlot{#name};                                                  \
  void name(const Tensor& result, const Tensor& x, double k, const Tensor& y, const Tensor& z) { \
    checkSameType(#name, arg(1, "result"), result, x);                                           \
    checkSameType(#name, arg(3, "y"), y, x);                                                     \
    checkSameType(#name, arg(4, "z"), z, x);                                                     \
    ternary(#name, result, x, y, checkDivisor<functor::functor_>(#name, z, result),              \
            [k](const Tensor& r, const Tensor& a, const Tensor& b, const Tensor& c) {            \
              name##TernarySlot.on(a)(r, a, k, b, c);                                            \
            });                                                                                  \
  }
#define COMPARE(name, functor_, help)                                                                    \
  Slot<BinaryKernel> name##BinarySlot{#name};                                                            \
  Slot<ScalarKernel> name##ScalarSlot{#name};                                                            \
  void name(const Tensor& result, const Tensor& x, const Tensor& y) {                                    \
    compare(#name, result, x, y,                                                                         \
            [](const Tensor& r, const Tensor& a, const Tensor& b) { name##BinarySlot.on(a)(r, a, b); }); \
  }                                                                                                      \
  void name(const Tensor& result, const Tensor& x, double value) {                                       \
    resizeLike(result, x);                                                                               \
    if (!x.empty()) name##ScalarSlot.on(x)(result, x, value);                                            \
  }
#include "tensor/ops/pointwise.def"
#undef UNARY
#undef UNARY_ONLY
#undef SCALAR
#undef BINARY
#undef SCALED
#undef TERNARY
#undef COMPARE

Slot<ScalarKernel> powSlot{"pow"}, powOfSlot{"pow"};
Slot<ClampKernel> clampSlot{"clamp"};
Slot<ScaledKernel> lerpSlot{"lerp"};

void pow(const Tensor& result, const Tensor& x, double value) {
  checkSameType("pow", arg(1, "result"), result, x);
  resizeLike(result, x);
  if (!x.empty()) powSlot.on(x)(result, x, value);
}

void pow(const Tensor& result, double value, const Tensor& x) {
  checkSameType("pow", arg(1, "result"), result, x);
  resizeLike(result, x);
  if (!x.empty()) powOfSlot.on(x)(result, x, value);
}

void clamp(const Tensor& result, const Tensor& x, double lo, double hi) {
  checkSameType("clamp", arg(1, "result"), result, x);
  resizeLike(result, x);
  if (!x.empty()) clampSlot.on(x)(result, x, lo, hi);
}

void lerp(const Tensor& result, const Tensor& x, const Tensor& y, double weight) {
  checkSameType("lerp", arg(1, "result"), result, x);
  checkSameType("lerp", arg(3, "y"), y, x);
  Shape sizes = x.sizes();
  const bool fits =
      x.nElement() == y.nElement() || (!x.empty() && !y.empty() && broadcast(x.sizes(), y.sizes(), sizes));
  if (!fits || (result.is(x) && Sizes(sizes) != x.sizes()))
    fail("lerp", {"sizes do not match: ", describe(x), " and ", describe(y)});
  binary("lerp", result, x, y,
         [weight](const Tensor& r, const Tensor& a, const Tensor& b) { lerpSlot.on(a)(r, a, weight, b); });
}

bool equal(const Tensor& x, const Tensor& y) {
  checkSameType("equal", arg(2, "y"), y, x);
  if (!x.isSameSizeAs(y)) return false;
  if (x.empty()) return true;
  Tensor different({DType::Byte, x.device()});
  ne(different, x, y);
  return maxAll(different) == 0;
}

void declarePointwiseOps(OpTable& table) {
  const char* const kInPlace = "[>T] T";
#define UNARY_ONLY(name, functor_, types, help)             \
  table.op(torchName(#name).c_str(), Family::InPlace, help) \
      .overload(types, kInPlace, [](const Tensor& r, const Tensor& x) { name(r, x); });
#define UNARY(name, functor_, types, help) \
  UNARY_ONLY(name, functor_, types, help)  \
  table.overload(types, "num", [](double x) { return functor::functor_{}(x); });
#define SCALAR(name, functor_, types, help)                 \
  table.op(torchName(#name).c_str(), Family::InPlace, help) \
      .overload(declaredTypes(types), "[>T] T num",         \
                [](const Tensor& r, const Tensor& x, double v) { name(r, x, v); });
#define BINARY(name, functor_, types, help)                 \
  table.op(torchName(#name).c_str(), Family::InPlace, help) \
      .overload(declaredTypes(types), "[>T] T T",           \
                [](const Tensor& r, const Tensor& x, const Tensor& y) { name(r, x, y); });
#define SCALED(name, functor_, types, help)                 \
  table.op(torchName(#name).c_str(), Family::InPlace, help) \
      .overload(types, "[>T] T [num=1] T",                  \
                [](const Tensor& r, const Tensor& x, double k, const Tensor& y) { name(r, x, k, y); });
#define TERNARY(name, functor_, types, help)                                                       \
  table.op(torchName(#name).c_str(), Family::InPlace, help)                                        \
      .overload(types, "[>T] T [num=1] T T",                                                       \
                [](const Tensor& r, const Tensor& x, double k, const Tensor& y, const Tensor& z) { \
                  name(r, x, k, y, z);                                                             \
                });
#define COMPARE(name, functor_, help)                                                                     \
  table.op(torchName(#name).c_str(), Family::Result, help)                                                \
      .overload(Real, "[>Byte] T num", [](const Tensor& r, const Tensor& x, double v) { name(r, x, v); }) \
      .overload(Real, ">T T num", [](const Tensor& r, const Tensor& x, double v) { name(r, x, v); })      \
      .overload(Real, "[>Byte] T T",                                                                      \
                [](const Tensor& r, const Tensor& x, const Tensor& y) { name(r, x, y); })                 \
      .overload(Real, ">T T T", [](const Tensor& r, const Tensor& x, const Tensor& y) { name(r, x, y); });
#include "tensor/ops/pointwise.def"
  // The order matters where two overloads fit: a tensor operand is looked for before a number.
  table.op("pow", Family::InPlace, "x to the power of a number, or a number to the power of x")
      .overload(Floating, "[>T] T num", [](const Tensor& r, const Tensor& x, double v) { pow(r, x, v); })
      .overload(Floating, "[>T] num T", [](const Tensor& r, double v, const Tensor& x) { pow(r, v, x); })
      .overload(Floating, "num num", [](double x, double y) { return std::pow(x, y); });
  table.op("clamp", Family::InPlace, "x limited to the range from lo to hi")
      .overload(Real, "[>T] T num num",
                [](const Tensor& r, const Tensor& x, double lo, double hi) { clamp(r, x, lo, hi); });
  table.op("lerp", Family::InPlace, "x + weight * (y - x)")
      .overload(Floating, "[>T] T T num",
                [](const Tensor& r, const Tensor& x, const Tensor& y, double w) { lerp(r, x, y, w); })
      .overload(Floating, "num num num", [](double x, double y, double w) { return x + w * (y - x); });
  table.op("atan2", Family::InPlace, "").overload(Floating, "num num", [](double x, double y) {
    return std::atan2(x, y);
  });
  table.op("equal", Family::Query, "true when sizes and all elements are equal")
      .overload(Real, "T T", [](const Tensor& x, const Tensor& y) { return equal(x, y); });
}

}  // namespace cresset
