#include "tensor/ops/matrix.h"

#include <algorithm>
#include <vector>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/mask.h"
#include "tensor/ops/pointwise.h"
#include "tensor/ops/reduce.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<TriangleKernel> triangleSlot{"tril"};
Slot<MatchKernel> matchSlot{"match"};

namespace {

/// x with dimensions of size 1 behind its own, `dims` in all.
Tensor padded(const Tensor& x, int64_t dims) {
  if (x.dim() == dims) return x;
  Shape sizes = x.sizes(), strides = x.strides();
  while (sizes.size() < dims) {
    sizes.push(1);
    strides.push(1);
  }
  return Tensor(x.storage(), x.storageOffset(), sizes, strides);
}

/// Throws unless the sizes agree in all dimensions but `dim`.
void checkJoins(const Tensor& x, const Tensor& first, int64_t dim) {
  for (int64_t d = 0; d < first.dim(); ++d)
    if (d != dim && x.size(d) != first.size(d))
      fail("cat", {"inconsistent tensor sizes: ", describe(first), " and ", describe(x),
                   " differ in dimension ", text(d + 1)});
}

/// The k-th diagonal of a matrix as a vector on its memory; empty where the matrix has none.
Tensor diagonal(const Tensor& x, int64_t k) {
  const int64_t row = std::max<int64_t>(-k, 0), column = std::max<int64_t>(k, 0);
  const int64_t n = std::min(x.size(0) - row, x.size(1) - column);
  if (n <= 0) return Tensor(x.type());
  return Tensor(x.storage(), x.storageOffset() + row * x.stride(0) + column * x.stride(1), {n},
                {x.stride(0) + x.stride(1)});
}

void checkMatrix(const char* op, const Tensor& x) {
  if (x.dim() != 2) fail(op, arg(1, "x"), {"expected a matrix, got ", describe(x)});
}

/// No matrix has as many diagonals; sizes cannot overflow.
void checkDiagonal(const char* op, int64_t k) {
  constexpr int64_t kLimit = int64_t{1} << 40;
  if (k <= -kLimit || k >= kLimit) fail(op, arg(3, "k"), {"diagonal out of range: ", text(k)});
}

void triangle(const char* op, const Tensor& result, const Tensor& x, int64_t k, Keep keep) {
  checkSameType(op, arg(1, "result"), result, x);
  checkMatrix(op, x);
  checkDiagonal(op, k);
  const Tensor source = sharesStorage(result, x) && !result.isSetTo(x) ? x.clone() : x;
  result.resizeAs(source);
  triangleSlot.on(x)(result, source, k, keep);
}

}  // namespace

void cat(const Tensor& result, std::span<const Tensor> tensors, int64_t dim) {
  if (tensors.empty()) fail("cat", {"expected at least one tensor"});
  int64_t dims = 0;
  for (const Tensor& x : tensors) {
    if (x.type() != result.type())
      fail("cat", {"expected ", typePrefix(result.type()), "Tensor in tensor array, got ", describe(x)});
    dims = std::max(dims, x.dim());
  }
  if (dim == -1) dim = std::max<int64_t>(dims - 1, 0);
  if (dim < 0 || dim >= kMaxDims)
    fail("cat", arg(3, "dim"),
         {"invalid dimension ", text(dim + 1), ", expected 1 to ", text(int64_t{kMaxDims})});
  if (dims == 0) return (void)result.resize({});
  dims = std::max(dims, dim + 1);
  Tensor first;
  Shape sizes;
  bool shares = false;
  for (const Tensor& x : tensors) {
    if (x.empty()) continue;
    shares = shares || sharesStorage(result, x);
    const Tensor part = padded(x, dims);
    if (!first) {
      first = part;
      sizes = part.sizes();
    } else {
      checkJoins(part, first, dim);
      sizes[dim] += part.size(dim);
    }
  }
  const Tensor target = shares ? Tensor(result.type(), sizes) : result.resize(sizes);
  int64_t position = 0;
  for (const Tensor& x : tensors) {
    if (x.empty()) continue;
    const Tensor part = padded(x, dims);
    target.narrow(dim, position, part.size(dim)).copy(part);
    position += part.size(dim);
  }
  finish(result, target);
}

void diag(const Tensor& result, const Tensor& x, int64_t k) {
  checkSameType("diag", arg(1, "result"), result, x);
  checkDiagonal("diag", k);
  if (x.dim() == 1) {
    const int64_t n = x.size(0) + (k < 0 ? -k : k);
    const Tensor target = targetFor(result, {n, n}, {&x});
    diagonal(target.zero(), k).copy(x);
    finish(result, target);
  } else if (x.dim() == 2) {
    finish(result, diagonal(x, k).clone());
  } else {
    fail("diag", arg(1, "x"), {"matrix or a vector expected, got ", describe(x)});
  }
}

void tril(const Tensor& result, const Tensor& x, int64_t k) { triangle("tril", result, x, k, Keep::Lower); }
void triu(const Tensor& result, const Tensor& x, int64_t k) { triangle("triu", result, x, k, Keep::Upper); }

double trace(const Tensor& x) {
  checkMatrix("trace", x);
  return sumAll(diagonal(x, 0));
}

void cross(const Tensor& result, const Tensor& x, const Tensor& y, int64_t dim) {
  checkSameType("cross", arg(1, "result"), result, x);
  checkSameType("cross", arg(3, "y"), y, x);
  if (!x.isSameSizeAs(y))
    fail("cross", arg(3, "y"), {"inconsistent tensor dimension: ", describe(x), " and ", describe(y)});
  if (dim == -1) {
    dim = std::find(x.sizes().begin(), x.sizes().end(), 3) - x.sizes().begin();
    if (dim == x.dim()) fail("cross", arg(2, "x"), {"no dimension of size 3 in ", describe(x)});
  }
  checkDim("cross", arg(4, "dim"), x, dim);
  if (x.size(dim) != 3)
    fail("cross", arg(4, "dim"), {"dimension ", text(dim + 1), " does not have size 3 in ", describe(x)});
  if (contains(Halves, x.dtype()))
    return inFloat(result, [&](const Tensor& r) { cross(r, widened(x), widened(y), dim); });
  const Tensor target = targetFor(result, x.sizes(), {&x, &y}), product(x.type());
  for (int64_t i = 0; i < 3; ++i) {
    const int64_t j = (i + 1) % 3, k = (i + 2) % 3;
    const Tensor component = target.select(dim, i);
    cmul(component, x.select(dim, j), y.select(dim, k));
    cmul(product, x.select(dim, k), y.select(dim, j));
    csub(component, component, 1, product);
  }
  finish(result, target);
}

void renorm(const Tensor& result, const Tensor& x, double p, int64_t dim, double maxNorm) {
  checkSameType("renorm", arg(1, "result"), result, x);
  if (!(p > 0)) fail("renorm", arg(3, "p"), {"non-positive-norm not supported: ", text(p)});
  if (x.dim() < 2) fail("renorm", arg(2, "x"), {"need at least 2 dimensions, got ", describe(x)});
  checkDim("renorm", arg(4, "dim"), x, dim);
  if (contains(Halves, x.dtype()))
    return inFloat(result, [&](const Tensor& r) { renorm(r, widened(x), p, dim, maxNorm); });
  const int64_t n = x.size(dim);
  const Tensor norms(x.type()), scale(x.type()), keep({DType::Byte, x.device()});
  norm(norms, x.transpose(0, dim).contiguous().view({n, x.nElement() / n}), p, 1);
  add(scale, norms, 1e-7);
  cinv(scale, scale);
  scale.mul(maxNorm);
  // Not `le`: a slice with a NaN in it is kept as it is.
  gt(keep, norms, maxNorm);
  eq(keep, keep, 0.0);
  maskedFill(scale, keep, 1);
  Shape sizes = x.sizes();
  for (int64_t d = 0; d < x.dim(); ++d) sizes[d] = d == dim ? n : 1;
  cmul(result, x, scale.view(sizes).expandAs(x));
}

void match(const Tensor& result, const Tensor& x, const Tensor& y, double gain) {
  checkSameType("match", arg(1, "result"), result, x);
  checkSameType("match", arg(3, "y"), y, x);
  if (x.empty() || y.empty()) fail("match", {"empty tensor: ", describe(x), " and ", describe(y)});
  const int64_t n = x.size(0), m = y.size(0), d = x.nElement() / n;
  if (y.nElement() / m != d)
    fail("match", arg(3, "y"),
         {"inconsistent tensor sizes: the slices of ", describe(x), " and ", describe(y),
          " differ in their number of elements"});
  const Tensor target = targetFor(result, {n, m}, {&x, &y});
  matchSlot.on(x)(target, x.contiguous().view({n, d}), y.contiguous().view({m, d}), gain);
  finish(result, target);
}

void declareMatrixOps(OpTable& table) {
  using T = const Tensor&;
  table.op("cat", Family::Result, "tensors one behind the other along a dimension")
      .overload(AllTypes, "[>T] T T [dim=-1]",
                [](T r, T x, T y, int64_t dim) {
                  cat(r, {x, y}, dim);
                })
      .overload(AllTypes, "[>T] {T,...} [dim=-1]",
                [](T r, const std::vector<Tensor>& tensors, int64_t dim) { cat(r, tensors, dim); });
  table
      .op("diag", Family::Result,
          "a matrix with a vector on its k-th diagonal, or the k-th diagonal of a matrix")
      .overload(AllTypes, "[>T] T [int=0]", [](T r, T x, int64_t k) { diag(r, x, k); });
  table.op("tril", Family::Result, "a matrix with zeros above its k-th diagonal")
      .overload(AllTypes, "[>T] T [int=0]", [](T r, T x, int64_t k) { tril(r, x, k); });
  table.op("triu", Family::Result, "a matrix with zeros below its k-th diagonal")
      .overload(AllTypes, "[>T] T [int=0]", [](T r, T x, int64_t k) { triu(r, x, k); });
  table.op("trace", Family::Query, "the sum of a matrix's diagonal").overload(Real, "T", [](T x) {
    return trace(x);
  });
  table.op("cross", Family::Result, "cross products of the 3-vectors along a dimension")
      .overload(Real, "[>T] T T [dim=first-of-size-3]",
                [](T r, T x, T y, int64_t dim) { cross(r, x, y, dim); });
  table.op("renorm", Family::InPlace, "scales slices along a dimension down to a largest p-norm")
      .overload(Floating, "[>T] T num dim num",
                [](T r, T x, double p, int64_t dim, double maxNorm) { renorm(r, x, p, dim, maxNorm); });
  table.op("match", Family::Creation, "gain * squared distances of the slices of two tensors")
      .overload(Real, "[>T] T T [num=1]", [](T r, T x, T y, double gain) { match(r, x, y, gain); });
}

}  // namespace cresset
