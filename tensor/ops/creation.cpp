#include "tensor/ops/creation.h"

#include <algorithm>
#include <cmath>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<SequenceKernel> sequenceSlot{"range"};

void zeros(const Tensor& result, Sizes sizes) { result.resize(sizes).fill(0); }

void ones(const Tensor& result, Sizes sizes) { result.resize(sizes).fill(1); }

void eye(const Tensor& result, int64_t n, int64_t m) {
  if (n <= 0) fail("eye", arg(2, "n"), {"invalid argument: expected at least 1, got ", text(n)});
  if (m <= 0) m = n;
  zeros(result, {n, m});
  Tensor(result.storage(), result.storageOffset(), {std::min(n, m)}, {result.stride(0) + result.stride(1)})
      .fill(1);
}

namespace {

/// Fills `result`, resized to n elements unless it has as many.
void sequence(const Tensor& result, int64_t n, double start, double step, double divisor) {
  if (result.nElement() != n) result.resize({n});
  const Tensor target = result.isContiguous() ? result : Tensor(result.type(), result.sizes());
  sequenceSlot.on(result)(target, start, step, divisor);
  finish(result, target);
}

void convert(const Tensor& result, const Tensor& points) {
  if (result.nElement() != points.nElement()) result.resizeAs(points);
  result.copy(points);
}

void checkPoints(const char* op, double a, double b, int64_t n) {
  if (n > 1 || (n == 1 && a == b)) return;
  fail(op, arg(4, "n"), {"invalid number of points: ", text(n), " from ", text(a), " to ", text(b)});
}

}  // namespace

void range(const Tensor& result, double a, double b, double step) {
  if (contains(Integer, result.dtype())) {
    a = std::trunc(a);
    b = std::trunc(b);
    step = std::trunc(step);
  }
  if (step == 0) fail("range", arg(4, "step"), {"step must be a non-null number"});
  const double count = std::floor((b - a) / step) + 1;
  if (!(count >= 1))
    fail("range", {"upper bound and larger bound incoherent with step sign: from ", text(a), " to ", text(b),
                   " in steps of ", text(step)});
  if (!(count < 9e15)) fail("range", {"too many elements: ", text(count)});
  sequence(result, static_cast<int64_t>(count), a, step, 1);
}

void linspace(const Tensor& result, double a, double b, int64_t n) {
  checkPoints("linspace", a, b, n);
  if (contains(Integer, result.dtype())) {  // each point is truncated, not the distance
    const Tensor points({DType::Double, result.device()});
    linspace(points, a, b, n);
    return convert(result, points);
  }
  sequence(result, n, a, b - a, static_cast<double>(std::max<int64_t>(n - 1, 1)));
}

void logspace(const Tensor& result, double a, double b, int64_t n) {
  checkPoints("logspace", a, b, n);
  // In double also for float: an exponent rounded to float would cost digits of the power.
  const Tensor points({DType::Double, result.device()});
  linspace(points, a, b, n);
  pow(points, 10, points);
  convert(result, points);
}

void reshape(const Tensor& result, const Tensor& x, Sizes sizes) {
  checkSameType("reshape", arg(1, "result"), result, x);
  const bool positive = std::all_of(sizes.begin(), sizes.end(), [](int64_t size) { return size > 0; });
  const int64_t count = positive ? elementCount(sizes) : 0;
  if (x.empty() || count != x.nElement())
    fail("reshape", {"inconsistent tensor size: ", describe(x), " has ", text(x.nElement()), " elements, ",
                     shapeText(sizes.data(), sizes.size()), " has ", text(count)});
  const Tensor target = targetFor(result, sizes, {&x});
  target.copy(x);
  finish(result, target);
}

namespace {

/// A tensor of one element is returned as its number when `whole`.
Returned squeezed(const Tensor& result, const Tensor& view, bool whole) {
  result.set(view);
  Returned returned;
  if (whole && view.nElement() == 1) {
    returned.kind = Returned::Number;
    returned.number = view.item();
  }
  return returned;
}

}  // namespace

void declareCreationOps(OpTable& table) {
  using T = const Tensor&;
  table.op("zeros", Family::Creation, "a tensor of zeros")
      .overload(AllTypes, "[>T] size...", [](T r, Sizes sizes) { zeros(r, sizes); });
  table.op("ones", Family::Creation, "a tensor of ones")
      .overload(AllTypes, "[>T] size...", [](T r, Sizes sizes) { ones(r, sizes); });
  table.op("eye", Family::Creation, "a matrix with ones on its diagonal, zeros elsewhere")
      .overload(AllTypes, "[>T] int [int=0]", [](T r, int64_t n, int64_t m) { eye(r, n, m); });
  table.op("range", Family::Creation, "numbers from a to b, both included, in equal steps")
      .overload(Real, "[>T] num num [num=1]",
                [](T r, double a, double b, double step) { range(r, a, b, step); });
  table.op("linspace", Family::Creation, "n points at equal distances from a to b, both included")
      .overload(Real, "[>T] num num [int=100]",
                [](T r, double a, double b, int64_t n) { linspace(r, a, b, n); });
  table.op("logspace", Family::Creation, "n points from 10^a to 10^b at equal ratios")
      .overload(Real, "[>T] num num [int=100]",
                [](T r, double a, double b, int64_t n) { logspace(r, a, b, n); });
  table.op("reshape", Family::Result, "a copy of the elements in other sizes")
      .overload(AllTypes, "[>T] T size...", [](T r, T x, Sizes sizes) { reshape(r, x, sizes); });
  table
      .op("squeeze", Family::Result, "a view without dimensions of size 1; a single element becomes a number")
      .overload(AllTypes, "[>T] T", [](T r, T x) { return squeezed(r, x.squeeze(), true); })
      .overload(AllTypes, "[>T] T dim",
                [](T r, T x, int64_t dim) { return squeezed(r, x.squeeze(dim), x.dim() == 1); });
}

}  // namespace cresset
