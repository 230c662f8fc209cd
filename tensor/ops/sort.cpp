#include "tensor/ops/sort.h"

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<SortKernel> sortSlot{"sort"};
Slot<RowSelectKernel> kthvalueSlot{"kthvalue"}, modeSlot{"mode"};

namespace {

/// The dimension meant; throws Error saying `what` unless x has it.
int64_t resolveDim(const char* op, const char* what, const Tensor& x, int64_t dim) {
  const int64_t d = dim == -1 ? x.dim() - 1 : dim;
  if (d >= 0 && d < x.dim()) return d;
  fail(op, {what, ": dimension ", text(dim == -1 ? 1 : dim + 1), " out of range of ", describe(x)});
}

/// Runs `kernel(values, indices, lines)` with x's lines along `dim` in the last dimension, and brings its
/// results, k for each line, into place.
template <class Kernel>
void alongDim(const char* op, const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim,
              int64_t k, const Kernel& kernel) {
  checkSameType(op, arg(1, "values"), values, x);
  checkDType(op, arg(2, "indices"), indices, DType::Long);
  const int64_t last = x.dim() - 1;
  const bool direct = dim == last;
  const Tensor lines = (direct ? x : x.transpose(dim, last)).contiguous();
  Shape sizes = lines.sizes();
  sizes[last] = k;
  const Tensor v = direct ? targetFor(values, sizes, {&x, &indices}) : Tensor(x.type(), sizes);
  const Tensor i = direct ? targetFor(indices, sizes, {&x, &v}) : Tensor(indices.type(), sizes);
  kernel(v, i, lines);
  if (direct) {
    finish(values, v);
    finish(indices, i);
  } else {
    values.resizeAs(v.transpose(dim, last)).copy(v.transpose(dim, last));
    indices.resizeAs(i.transpose(dim, last)).copy(i.transpose(dim, last));
  }
}

void selectOne(const char* op, const Slot<RowSelectKernel>& slot, const Tensor& values, const Tensor& indices,
               const Tensor& x, int64_t dim, int64_t k) {
  alongDim(op, values, indices, x, dim, 1,
           [&](const Tensor& v, const Tensor& i, const Tensor& lines) { slot.on(x)(v, i, lines, k); });
}

}  // namespace

void sort(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim, Direction direction) {
  const int64_t d = resolveDim("sort", "invalid dimension", x, dim);
  alongDim("sort", values, indices, x, d, x.size(d),
           [&](const Tensor& v, const Tensor& i, const Tensor& lines) {
             sortSlot.on(x)(v, i, lines, direction, Sorted::Yes);
           });
}

void topk(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim,
          Direction direction, Sorted sorted) {
  const int64_t d = resolveDim("topk", "dim not in range", x, dim);
  if (k < 1 || k > x.size(d))
    fail("topk", arg(4, "k"),
         {"k not in range for dimension: expected 1 to ", text(x.size(d)), ", got ", text(k), " for ",
          describe(x)});
  alongDim("topk", values, indices, x, d, k, [&](const Tensor& v, const Tensor& i, const Tensor& lines) {
    sortSlot.on(x)(v, i, lines, direction, sorted);
  });
}

void kthvalue(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim) {
  const int64_t d = resolveDim("kthvalue", "invalid dimension", x, dim);
  if (k < 1 || k > x.size(d))
    fail("kthvalue", arg(4, "k"),
         {"selected index out of range: expected 1 to ", text(x.size(d)), ", got ", text(k), " for ",
          describe(x)});
  selectOne("kthvalue", kthvalueSlot, values, indices, x, d, k);
}

void median(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  const int64_t d = resolveDim("median", "invalid dimension", x, dim);
  selectOne("median", kthvalueSlot, values, indices, x, d, (x.size(d) + 1) / 2);
}

void mode(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  selectOne("mode", modeSlot, values, indices, x, resolveDim("mode", "invalid dimension", x, dim), 1);
}

namespace {
Direction directionOf(bool descending) { return descending ? Direction::Descending : Direction::Ascending; }
}  // namespace

void declareSortOps(OpTable& table) {
  using T = const Tensor&;
  table
      .op("sort", Family::Result,
          "values in ascending order along a dimension (true: descending), and their positions")
      .overload(
          Real, "[>T] [>Long] T [dim=last] [bool=false]",
          [](T v, T i, T x, int64_t dim, bool descending) { sort(v, i, x, dim, directionOf(descending)); });
  table
      .op("topk", Family::Result,
          "the k smallest values along a dimension (first true: largest; second true: sorted), and their "
          "positions")
      .overload(Real, "[>T] [>Long] T [int=1] [dim=last] [bool=false] [bool=false]",
                [](T v, T i, T x, int64_t k, int64_t dim, bool largest, bool sorted) {
                  topk(v, i, x, k, dim, directionOf(largest), sorted ? Sorted::Yes : Sorted::No);
                });
  table.op("kthvalue", Family::Result, "the k-th smallest value along a dimension, and its position")
      .overload(Real, "[>T] [>Long] T int [dim=last]",
                [](T v, T i, T x, int64_t k, int64_t dim) { kthvalue(v, i, x, k, dim); });
  table.op("median", Family::Result, "the middle value along a dimension, and its position")
      .overload(Real, "[>T] [>Long] T [dim=last]", [](T v, T i, T x, int64_t dim) { median(v, i, x, dim); });
  table.op("mode", Family::Result, "the most frequent value along a dimension, and a position of it")
      .overload(Real, "[>T] [>Long] T [dim=last]", [](T v, T i, T x, int64_t dim) { mode(v, i, x, dim); });
}

}  // namespace cresset
