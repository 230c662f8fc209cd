#include "tensor/ops/reduce.h"

#include <cmath>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<ReduceAllKernel> sumAllSlot{"sum"}, prodAllSlot{"prod"}, maxAllSlot{"max"}, minAllSlot{"min"},
    varAllSlot{"var"}, normAllSlot{"norm"};
Slot<ReduceKernel> sumSlot{"sum"}, prodSlot{"prod"}, varSlot{"var"}, normSlot{"norm"}, cumsumSlot{"cumsum"},
    cumprodSlot{"cumprod"};
Slot<ExtremeKernel> maxSlot{"max"}, minSlot{"min"};

Split splitAt(const Tensor& x, int64_t dim) {
  Split s{1, x.size(dim), 1};
  for (int64_t d = 0; d < dim; ++d) s.outer *= x.size(d);
  for (int64_t d = dim + 1; d < x.dim(); ++d) s.inner *= x.size(d);
  return s;
}

namespace {

void checkNotEmpty(const char* op, const Tensor& x) {
  if (x.empty()) fail(op, {"empty Tensor"});
}

/// Runs a kernel that reduces dimension `dim` of a contiguous x into a contiguous result, which may be x
/// itself.
void reduceDim(const Slot<ReduceKernel>& slot, const Tensor& result, const Tensor& x, int64_t dim,
               double parameter = 0) {
  checkDim(slot.op(), arg(2, "dim"), x, dim);
  checkSameType(slot.op(), arg(1, "result"), result, x);
  Shape sizes = x.sizes();
  sizes[dim] = 1;
  const Tensor target = targetFor(result, sizes, {&x});
  slot.on(x)(target, x.contiguous(), dim, parameter);
  finish(result, target);
}

void extreme(const Slot<ExtremeKernel>& slot, const Tensor& values, const Tensor& indices, const Tensor& x,
             int64_t dim) {
  checkDim(slot.op(), arg(2, "dim"), x, dim);
  checkSameType(slot.op(), arg(1, "values"), values, x);
  Shape sizes = x.sizes();
  sizes[dim] = 1;
  const Tensor source = x.contiguous();
  const Type positions{DType::Long, x.device()};
  const Tensor v = targetFor(values, sizes, {&x});
  const Tensor i =
      indices.type() == positions ? targetFor(indices, sizes, {&x, &values}) : Tensor(positions, sizes);
  slot.on(x)(v, i, source, dim);
  finish(values, v);
  finish(indices, i);
}

void cumulate(const Slot<ReduceKernel>& slot, const Tensor& result, const Tensor& x, int64_t dim) {
  checkDim(slot.op(), arg(2, "dim"), x, dim);
  checkSameType(slot.op(), arg(1, "result"), result, x);
  const Tensor source = x.contiguous();
  result.resizeAs(x);
  const Tensor target = result.isContiguous() ? result : Tensor(x.type(), x.sizes());
  slot.on(x)(target, source, dim, 0);
  if (!target.is(result)) result.copy(target);
}

}  // namespace

double sumAll(const Tensor& x) { return x.empty() ? 0 : sumAllSlot.on(x)(x.contiguous(), 0); }
double prodAll(const Tensor& x) { return x.empty() ? 1 : prodAllSlot.on(x)(x.contiguous(), 0); }

double maxAll(const Tensor& x) {
  if (x.empty()) fail("max", {"tensor must have one dimension"});
  return maxAllSlot.on(x)(x.contiguous(), 0);
}

double minAll(const Tensor& x) {
  if (x.empty()) fail("min", {"tensor must have one dimension"});
  return minAllSlot.on(x)(x.contiguous(), 0);
}

double meanAll(const Tensor& x) {
  checkNotEmpty("mean", x);
  return sumAll(x) / static_cast<double>(x.nElement());
}

double varAll(const Tensor& x, Variance kind) {
  checkNotEmpty("var", x);
  return varAllSlot.on(x)(x.contiguous(), kind == Variance::Biased);
}

double normAll(const Tensor& x, double p) { return x.empty() ? 0 : normAllSlot.on(x)(x.contiguous(), p); }

double dist(const Tensor& x, const Tensor& y, double p) {
  checkSameType("dist", arg(2, "y"), y, x);
  checkSameElements("dist", arg(2, "y"), y, x);
  if (contains(Halves, x.dtype())) return dist(widened(x), widened(y), p);
  Tensor difference(x.type());
  csub(difference, x, 1, y);
  return normAll(difference, p);
}

bool all(const Tensor& x) {
  checkNotEmpty("all", x);
  return minAll(x) != 0;
}

bool any(const Tensor& x) {
  checkNotEmpty("any", x);
  return maxAll(x) != 0;
}

void sum(const Tensor& result, const Tensor& x, int64_t dim) { reduceDim(sumSlot, result, x, dim); }
void prod(const Tensor& result, const Tensor& x, int64_t dim) { reduceDim(prodSlot, result, x, dim); }
void mean(const Tensor& result, const Tensor& x, int64_t dim) {
  checkDim("mean", arg(2, "dim"), x, dim);
  if (contains(Halves, x.dtype())) {
    checkSameType("mean", arg(1, "result"), result, x);
    return inFloat(result, [&](const Tensor& r) { mean(r, widened(x), dim); });
  }
  const double n = static_cast<double>(x.size(dim));
  sum(result, x, dim);
  result.div(n);
}
void var(const Tensor& result, const Tensor& x, int64_t dim, Variance kind) {
  reduceDim(varSlot, result, x, dim, kind == Variance::Biased);
}
void std(const Tensor& result, const Tensor& x, int64_t dim, Variance kind) {
  checkDim("std", arg(2, "dim"), x, dim);
  if (contains(Halves, x.dtype())) {
    checkSameType("std", arg(1, "result"), result, x);
    return inFloat(result, [&](const Tensor& r) { std(r, widened(x), dim, kind); });
  }
  var(result, x, dim, kind);
  sqrt(result, result);
}
void norm(const Tensor& result, const Tensor& x, double p, int64_t dim) {
  reduceDim(normSlot, result, x, dim, p);
}
void max(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  extreme(maxSlot, values, indices, x, dim);
}
void min(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  extreme(minSlot, values, indices, x, dim);
}
void cumsum(const Tensor& result, const Tensor& x, int64_t dim) { cumulate(cumsumSlot, result, x, dim); }
void cumprod(const Tensor& result, const Tensor& x, int64_t dim) { cumulate(cumprodSlot, result, x, dim); }

namespace {
Variance variance(bool biased) { return biased ? Variance::Biased : Variance::Unbiased; }
}  // namespace

void declareReduceOps(OpTable& table) {
  table.op("sum", Family::Result, "sum of all elements, or along a dimension")
      .overload(Real, "T", [](const Tensor& x) { return sumAll(x); })
      .overload(Real, "[>T] T dim", [](const Tensor& r, const Tensor& x, int64_t dim) { sum(r, x, dim); });
  table.op("prod", Family::Result, "product of all elements, or along a dimension")
      .overload(Real, "T", [](const Tensor& x) { return prodAll(x); })
      .overload(Real, "[>T] T dim", [](const Tensor& r, const Tensor& x, int64_t dim) { prod(r, x, dim); });
  table.op("max", Family::Result, "largest element, or largest values and their positions along a dimension")
      .overload(Real, "T", [](const Tensor& x) { return maxAll(x); })
      .overload(Real, "[>T] [>Long] T dim",
                [](const Tensor& v, const Tensor& i, const Tensor& x, int64_t dim) { max(v, i, x, dim); });
  table
      .op("min", Family::Result, "smallest element, or smallest values and their positions along a dimension")
      .overload(Real, "T", [](const Tensor& x) { return minAll(x); })
      .overload(Real, "[>T] [>Long] T dim",
                [](const Tensor& v, const Tensor& i, const Tensor& x, int64_t dim) { min(v, i, x, dim); });
  table.op("mean", Family::Result, "mean of all elements, or along a dimension")
      .overload(Floating, "T", [](const Tensor& x) { return meanAll(x); })
      .overload(Floating, "[>T] T dim",
                [](const Tensor& r, const Tensor& x, int64_t dim) { mean(r, x, dim); });
  table.op("var", Family::Result, "variance; true divides by n, otherwise by n - 1")
      .overload(Floating, "T [bool=false]",
                [](const Tensor& x, bool biased) { return varAll(x, variance(biased)); })
      .overload(Floating, "[>T] T dim [bool=false]",
                [](const Tensor& r, const Tensor& x, int64_t dim, bool biased) {
                  var(r, x, dim, variance(biased));
                });
  table.op("std", Family::Result, "standard deviation; true divides by n, otherwise by n - 1")
      .overload(Floating, "T [bool=false]",
                [](const Tensor& x, bool biased) {
                  checkNotEmpty("std", x);
                  return std::sqrt(varAll(x, variance(biased)));
                })
      .overload(Floating, "[>T] T dim [bool=false]",
                [](const Tensor& r, const Tensor& x, int64_t dim, bool biased) {
                  std(r, x, dim, variance(biased));
                });
  table.op("norm", Family::Result, "p-norm of all elements, or along a dimension")
      .overload(Floating, "T [num=2]", [](const Tensor& x, double p) { return normAll(x, p); })
      .overload(Floating, "[>T] T num dim",
                [](const Tensor& r, const Tensor& x, double p, int64_t dim) { norm(r, x, p, dim); });
  table.op("dist", Family::Query, "p-norm of x - y")
      .overload(Floating, "T T [num=2]",
                [](const Tensor& x, const Tensor& y, double p) { return dist(x, y, p); });
  table.op("all", Family::Query, "true when every element is not 0")
      .overload(ByteOnly, "T", [](const Tensor& x) { return all(x); });
  table.op("any", Family::Query, "true when some element is not 0")
      .overload(ByteOnly, "T", [](const Tensor& x) { return any(x); });
  table.op("cumsum", Family::Result, "cumulative sum along a dimension")
      .overload(Real, "[>T] T [dim=1]",
                [](const Tensor& r, const Tensor& x, int64_t dim) { cumsum(r, x, dim); });
  table.op("cumprod", Family::Result, "cumulative product along a dimension")
      .overload(Real, "[>T] T [dim=1]",
                [](const Tensor& r, const Tensor& x, int64_t dim) { cumprod(r, x, dim); });
}

}  // namespace cresset
