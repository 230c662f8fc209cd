#include "tensor/ops/index.h"

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<GatherKernel> gatherSlot{"gather"};
Slot<PositionsKernel> positionsSlot{"index"};
Slot<ScatterKernel> scatterSlot{"scatter"}, scatterAddSlot{"indexAdd"};

namespace {

/// Throws unless all positions lie in 1..x.size(dim).
void checkPositions(const char* op, const char* what, const Tensor& x, int64_t dim, const Tensor& indices) {
  checkDType(op, arg(3, "indices"), indices, DType::Long);
  if (indices.device() == Device::CPU && positionsSlot.on(indices)(indices, x.size(dim))) return;
  const double lowest = minAll(indices), highest = maxAll(indices);
  if (lowest >= 1 && highest <= static_cast<double>(x.size(dim))) return;
  fail(op, arg(3, "indices"),
       {what, ": ", text(lowest < 1 ? lowest : highest), " in dimension ", text(dim + 1), " of ",
        describe(x)});
}

/// The checks of the operations on whole slices.
void checkSlices(const char* op, const Tensor& x, int64_t dim, const Tensor& indices) {
  if (dim < 0 || dim >= x.dim())
    fail(op, arg(2, "dim"), {"Indexing dim ", text(dim + 1), " is out of bounds of tensor ", describe(x)});
  if (indices.dim() != 1)
    fail(op, arg(3, "indices"), {"Index is supposed to be a vector, got ", describe(indices)});
  checkPositions(op, "index out of range", x, dim, indices);
}

/// Throws unless the sizes agree in all dimensions but `dim`.
void checkLines(const char* op, Arg argument, const Tensor& y, const Tensor& x, int64_t dim) {
  bool agree = y.dim() == x.dim();
  for (int64_t d = 0; agree && d < x.dim(); ++d) agree = d == dim || y.size(d) == x.size(d);
  if (agree) return;
  fail(op, argument,
       {"inconsistent tensor size: expected the sizes of ", describe(x), " but for dimension ", text(dim + 1),
        ", got ", describe(y)});
}

/// Where x's lines along `dim` begin, seen with these sizes.
Tensor lineStarts(const Tensor& x, int64_t dim, Sizes sizes) {
  Shape strides = x.strides();
  strides[dim] = 0;
  return Tensor(x.storage(), x.storageOffset(), sizes, strides);
}

/// x's sizes with n slices along `dim`.
Shape slicedSizes(const Tensor& x, int64_t dim, int64_t n) {
  Shape sizes = x.sizes();
  sizes[dim] = n;
  return sizes;
}

/// One position for each slice, seen as one for each element.
Tensor spread(const Tensor& indices, int64_t dim, Sizes sizes) {
  Shape strides(sizes);
  for (int d = 0; d < sizes.size(); ++d) strides[d] = d == dim ? indices.stride(0) : 0;
  return Tensor(indices.storage(), indices.storageOffset(), sizes, strides);
}

/// A number as a tensor of x's type and these sizes.
Tensor spread(double value, const Tensor& x, Sizes sizes) {
  Shape ones(sizes);
  for (int d = 0; d < ones.size(); ++d) ones[d] = 1;
  return Tensor(x.type(), ones).fill(value).expand(sizes);
}

/// `source` with the sizes of x but for `dim`: Torch7 pairs slices up, whose shapes may differ as long as the
/// counts agree.
Tensor alignSlices(const char* op, const Tensor& source, const Tensor& x, int64_t dim, int64_t n) {
  const Shape sizes = slicedSizes(x, dim, n);
  if (dim >= source.dim() || source.size(dim) != n || source.nElement() != elementCount(sizes))
    fail(op, arg(4, "source"),
         {"inconsistent tensor size: expected ", text(n), " slices along dimension ", text(dim + 1),
          " with the sizes of ", describe(x), ", got ", describe(source)});
  if (source.sizes() == static_cast<Sizes>(sizes)) return source;
  Shape order;  // dim first, the others behind it
  order.push(dim);
  for (int64_t d = 0; d < source.dim(); ++d)
    if (d != dim) order.push(d);
  Shape slices;
  slices.push(n);
  Shape back;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (d != dim) slices.push(x.size(d));
    back.push(d < dim ? d + 1 : d == dim ? 0 : d);
  }
  return source.permute(order).contiguous().view(slices).permute(back);
}

/// An operand that is read while x is written: a copy when both share memory.
Tensor apart(const Tensor& operand, const Tensor& x) {
  return sharesStorage(operand, x) ? operand.clone() : operand;
}

void scatterInto(const Slot<ScatterKernel>& slot, const Tensor& x, int64_t dim, const Tensor& indices,
                 const Tensor& source) {
  slot.on(x)(lineStarts(x, dim, indices.sizes()), indices, apart(source, x), x.stride(dim), dim);
}

/// The same with one position for each slice.
void scatterSlices(const Slot<ScatterKernel>& slot, const Tensor& x, int64_t dim, const Tensor& indices,
                   const Tensor& source) {
  const Shape sizes = slicedSizes(x, dim, indices.size(0));
  scatterInto(slot, x, dim, spread(apart(indices, x), dim, sizes), source);
}

}  // namespace

void index(const Tensor& result, const Tensor& x, int64_t dim, const Tensor& indices) {
  checkSameType("index", arg(1, "result"), result, x);
  checkSlices("index", x, dim, indices);
  const Shape sizes = slicedSizes(x, dim, indices.size(0));
  const Tensor target = targetFor(result, sizes, {&x, &indices});
  gatherSlot.on(x)(target, lineStarts(x, dim, sizes), spread(indices, dim, sizes), x.stride(dim));
  finish(result, target);
}

void indexCopy(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source) {
  checkSameType("indexCopy", arg(4, "source"), source, x);
  checkSlices("indexCopy", x, dim, indices);
  scatterSlices(scatterSlot, x, dim, indices, alignSlices("indexCopy", source, x, dim, indices.size(0)));
}

void indexAdd(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source) {
  checkSameType("indexAdd", arg(4, "source"), source, x);
  checkSlices("indexAdd", x, dim, indices);
  const Tensor slices = alignSlices("indexAdd", source, x, dim, indices.size(0));
  if (!contains(Halves, x.dtype())) return scatterSlices(scatterAddSlot, x, dim, indices, slices);
  const Tensor sums = widened(x);
  scatterSlices(scatterAddSlot, sums, dim, indices, widened(slices));
  x.copy(sums);
}

void indexFill(const Tensor& x, int64_t dim, const Tensor& indices, double value) {
  checkSlices("indexFill", x, dim, indices);
  scatterSlices(scatterSlot, x, dim, indices, spread(value, x, slicedSizes(x, dim, indices.size(0))));
}

void gather(const Tensor& result, const Tensor& x, int64_t dim, const Tensor& indices) {
  checkSameType("gather", arg(1, "result"), result, x);
  checkDim("gather", arg(2, "dim"), x, dim);
  checkLines("gather", arg(3, "indices"), indices, x, dim);
  checkPositions("gather", "Invalid index in gather", x, dim, indices);
  const Tensor target = targetFor(result, indices.sizes(), {&x, &indices});
  gatherSlot.on(x)(target, lineStarts(x, dim, indices.sizes()), indices, x.stride(dim));
  finish(result, target);
}

namespace {

void checkScatter(const Tensor& x, int64_t dim, const Tensor& indices) {
  checkDim("scatter", arg(2, "dim"), x, dim);
  checkLines("scatter", arg(3, "indices"), indices, x, dim);
  checkPositions("scatter", "Invalid index in scatter", x, dim, indices);
}

}  // namespace

void scatter(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source) {
  checkSameType("scatter", arg(4, "source"), source, x);
  checkScatter(x, dim, indices);
  checkLines("scatter", arg(4, "source"), source, x, dim);
  const int64_t n = indices.size(dim);
  if (source.size(dim) < n)
    fail("scatter", arg(4, "source"),
         {"inconsistent tensor size: expected at least ", text(n), " elements in dimension ", text(dim + 1),
          ", got ", describe(source)});
  scatterInto(scatterSlot, x, dim, apart(indices, x), source.narrow(dim, 0, n));
}

void scatter(const Tensor& x, int64_t dim, const Tensor& indices, double value) {
  checkScatter(x, dim, indices);
  scatterInto(scatterSlot, x, dim, apart(indices, x), spread(value, x, indices.sizes()));
}

void declareIndexOps(OpTable& table) {
  using T = const Tensor&;
  table.op("index", Family::Result, "the slices of x at these positions along a dimension")
      .overload(Form::Method, AllTypes, "[>T] T dim Long",
                [](T r, T x, int64_t d, T i) { index(r, x, d, i); });
  table.op("indexCopy", Family::Self, "puts slices at these positions along a dimension")
      .overload(Form::Method, AllTypes, ">T dim Long T",
                [](T x, int64_t d, T i, T y) { indexCopy(x, d, i, y); });
  table.op("indexAdd", Family::Self, "adds slices to those at these positions along a dimension")
      .overload(Form::Method, Real, ">T dim Long T", [](T x, int64_t d, T i, T y) { indexAdd(x, d, i, y); });
  table.op("indexFill", Family::Self, "fills the slices at these positions along a dimension with a number")
      .overload(Form::Method, AllTypes, ">T dim Long num",
                [](T x, int64_t d, T i, double v) { indexFill(x, d, i, v); });
  table.op("gather", Family::Result, "elements at a position along a dimension for each place of the result")
      .overload(AllTypes, "[>T] T dim Long", [](T r, T x, int64_t d, T i) { gather(r, x, d, i); });
  table
      .op("scatter", Family::Self,
          "puts elements, or a number, at a position along a dimension for each of them")
      .overload(AllTypes, ">T dim Long T", [](T x, int64_t d, T i, T y) { scatter(x, d, i, y); })
      .overload(AllTypes, ">T dim Long num", [](T x, int64_t d, T i, double v) { scatter(x, d, i, v); });
}

}  // namespace cresset
