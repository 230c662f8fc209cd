#include "tensor/ops/mask.h"

#include "tensor/ops/OpTable.h"
#include "tensor/ops/align.h"
#include "tensor/ops/families.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<MaskedFillKernel> maskedFillSlot{"maskedFill"};
Slot<MaskedMoveKernel> maskedCopySlot{"maskedCopy"}, maskedSelectSlot{"maskedSelect"};
Slot<NonzeroKernel> nonzeroSlot{"nonzero"};
Slot<WhereKernel> whereSlot{"where"};

namespace {

/// The mask in x's sizes, apart from x's memory. x is not empty.
Tensor maskFor(const char* op, const Tensor& mask, const Tensor& x) {
  checkDType(op, arg(2, "mask"), mask, DType::Byte);
  const Tensor aligned = alignTo(op, arg(2, "mask"), mask, x);
  if (const double largest = maxAll(mask); largest > 1)
    fail(op, arg(2, "mask"), {"Mask tensor can take 0 and 1 values only, got ", text(largest)});
  return sharesStorage(aligned, x) ? aligned.clone() : aligned;
}

/// True when x and mask are both empty; throws when one of them is.
bool nothingToDo(const char* op, const Tensor& x, const Tensor& mask) {
  if (x.empty() != mask.empty()) checkSameElements(op, arg(2, "mask"), mask, x);
  return x.empty();
}

int64_t countOnes(const Tensor& mask) { return static_cast<int64_t>(sumAll(mask)); }

}  // namespace

void maskedFill(const Tensor& x, const Tensor& mask, double value) {
  if (nothingToDo("maskedFill", x, mask)) return;
  maskedFillSlot.on(x)(x, maskFor("maskedFill", mask, x), value);
}

void maskedCopy(const Tensor& x, const Tensor& mask, const Tensor& source) {
  checkSameType("maskedCopy", arg(3, "source"), source, x);
  if (nothingToDo("maskedCopy", x, mask)) return;
  const Tensor ones = maskFor("maskedCopy", mask, x).contiguous();
  const int64_t count = countOnes(ones);
  if (source.nElement() < count)
    fail("maskedCopy", arg(3, "source"),
         {"Number of elements of src < number of ones in mask: ", text(source.nElement()), " < ",
          text(count)});
  if (count == 0) return;
  const Tensor from = (sharesStorage(source, x) ? source.clone() : source).contiguous();
  const Tensor target = x.contiguous();
  maskedCopySlot.on(x)(target, ones, from.view({from.nElement()}).narrow(0, 0, count));
  if (!target.is(x)) x.copy(target);
}

void maskedSelect(const Tensor& result, const Tensor& x, const Tensor& mask) {
  checkSameType("maskedSelect", arg(1, "result"), result, x);
  if (nothingToDo("maskedSelect", x, mask)) return (void)result.resize({});
  const Tensor ones = maskFor("maskedSelect", mask, x).contiguous();
  const int64_t count = countOnes(ones);
  if (count == 0) return (void)result.resize({});
  const Tensor target = targetFor(result, {count}, {&x, &ones});
  maskedSelectSlot.on(x)(x.contiguous(), ones, target);
  finish(result, target);
}

void nonzero(const Tensor& result, const Tensor& x) {
  checkDType("nonzero", arg(1, "result"), result, DType::Long);
  if (x.empty()) return (void)result.resize({});
  const Tensor ones({DType::Byte, x.device()});
  ne(ones, x, 0.0);
  const int64_t count = countOnes(ones);
  if (count == 0) return (void)result.resize({});
  const Tensor target = targetFor(result, {count, x.dim()}, {&x});
  nonzeroSlot.on(x)(target, ones);
  finish(result, target);
}

void where(const Tensor& result, const Tensor& condition, const Tensor& x, const Tensor& y) {
  checkDType("where", arg(1, "condition"), condition, DType::Byte);
  checkSameType("where", arg(3, "y"), y, x);
  checkSameType("where", arg(1, "result"), result, x);
  Shape both, sizes;
  const bool fits = broadcast(x.sizes(), y.sizes(), both) && broadcast(condition.sizes(), both, sizes);
  const bool someEmpty = condition.empty() || x.empty() || y.empty();
  if (!fits || (someEmpty && elementCount(sizes) > 1))
    fail("where", {"inconsistent tensor size: ", describe(condition), ", ", describe(x), " and ", describe(y),
                   " do not broadcast"});
  if (someEmpty) return (void)result.resize({});
  const Tensor target = targetFor(result, sizes, {&condition, &x, &y});
  whereSlot.on(x)(target, condition.expand(sizes), x.expand(sizes), y.expand(sizes));
  finish(result, target);
}

namespace {

/// A tensor of one element of `like`'s type.
Tensor single(const Tensor& like, double value) { return Tensor(like.type(), {1}).fill(value); }

}  // namespace

void declareMaskOps(OpTable& table) {
  using T = const Tensor&;
  table.op("maskedFill", Family::Self, "fills the elements where a mask of zeros and ones is 1")
      .overload(Form::Method, AllTypes, ">T Byte num", [](T x, T mask, double v) { maskedFill(x, mask, v); });
  table
      .op("maskedCopy", Family::Self,
          "puts the elements of a tensor, in order, where a mask of zeros and ones is 1")
      .overload(Form::Method, AllTypes, ">T Byte T",
                [](T x, T mask, T source) { maskedCopy(x, mask, source); });
  table.op("maskedSelect", Family::Result, "the elements where a mask of zeros and ones is 1, as a vector")
      .overload(Form::Method, AllTypes, "[>T] T Byte", [](T r, T x, T mask) { maskedSelect(r, x, mask); });
  table.op("nonzero", Family::Result, "the positions of the elements that are not 0, one in each row")
      .overload(AllTypes, "[>Long] T", [](T r, T x) { nonzero(r, x); });
  table
      .op("where", Family::Function,
          "x where a ByteTensor is not 0, y elsewhere; tensors broadcast, a number counts for all elements")
      .overload(AllTypes, "[>T] Byte T T", [](T r, T c, T x, T y) { where(r, c, x, y); })
      .overload(AllTypes, "[>T] Byte T num", [](T r, T c, T x, double y) { where(r, c, x, single(x, y)); })
      .overload(AllTypes, "[>T] Byte num T", [](T r, T c, double x, T y) { where(r, c, single(y, x), y); })
      .overload(AllTypes, "[>T] Byte num num",
                [](T r, T c, double x, double y) { where(r, c, single(r, x), single(r, y)); });
}

}  // namespace cresset
