#include "tensor/ops/blas.h"

#include <algorithm>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/result.h"

namespace cresset {

Slot<GemmKernel> gemmSlot{"addmm"};
Slot<DotKernel> dotSlot{"dot"};

namespace {

constexpr char kBatchResult[] = "output tensor of incorrect size: size mismatch";  // Torch7's reason in *bmm

/// A matrix with a unit stride in one dimension: x itself when it has one, otherwise a copy.
Tensor blasLayout(const Tensor& x) {
  const auto fits = [&](int64_t unit, int64_t lead) {
    return (x.stride(unit) == 1 || x.size(unit) == 1) &&
           (x.stride(lead) >= std::max<int64_t>(1, x.size(unit)) || x.size(lead) == 1);
  };
  return fits(1, 0) || fits(0, 1) ? x : x.clone();
}

/// c = beta c + alpha a b for matrices whose sizes fit; c may share memory with a or b.
void gemm(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  if (alpha == 0) {  // BLAS does not read the factors then, so that a NaN in them does no harm
    beta == 0 ? c.zero() : c.mul(beta);
    return;
  }
  const Tensor aa = blasLayout(a), bb = blasLayout(b);
  const Tensor target = sharesStorage(c, aa) || sharesStorage(c, bb) ? c.clone() : blasLayout(c);
  gemmSlot.on(c)(target, beta, alpha, aa, bb);
  if (!target.is(c)) c.copy(target);
}

void checkTypes(const char* op, const Tensor& result, const Tensor& t, const Tensor& a, const Tensor& b) {
  checkSameType(op, arg(1, "result"), result, a);
  checkSameType(op, arg(2, "t"), t, a);
  checkSameType(op, arg(4, "second factor"), b, a);
}

void failMismatch(const char* op, const Tensor& a, const Tensor& b) {
  fail(op, {"size mismatch, m1: ", shapeText(a.sizes().data(), a.dim()),
            ", m2: ", shapeText(b.sizes().data(), b.dim())});
}

void checkBatches(const char* op, const Tensor& a, const Tensor& b) {
  if (a.size(0) != b.size(0))
    fail(op, {"equal number of batches expected, got ", describe(a), " and ", describe(b)});
  if (a.size(2) != b.size(1))
    fail(op, {"wrong matrix size: size mismatch between ", describe(a), " and ", describe(b)});
}

void checkResultSize(const char* op, const Tensor& t, Sizes expected, const char* reason = "size mismatch") {
  if (t.sizes() == expected) return;
  fail(op, arg(2, "t"),
       {reason, ": expected ", shapeText(expected.data(), expected.size()), ", got ", describe(t)});
}

/// Where to accumulate: `result`, holding what beta will scale, or a copy of t when writing to `result` would
/// change a factor. Hand it to `finish`.
Tensor prepare(const Tensor& result, double beta, const Tensor& t, const Tensor& a, const Tensor& b) {
  if (sharesStorage(result, a) || sharesStorage(result, b)) return t.clone();
  if (result.is(t)) return result;
  result.resizeAs(t);
  if (beta != 0) result.copy(t);
  return result;
}

}  // namespace

double dot(const Tensor& x, const Tensor& y) {
  checkSameType("dot", arg(2, "y"), y, x);
  checkSameElements("dot", arg(2, "y"), y, x);
  return x.empty() ? 0 : dotSlot.on(x)(x.contiguous(), y.contiguous());
}

void addmv(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& matrix,
           const Tensor& vector) {
  checkTypes("addmv", result, t, matrix, vector);
  checkDims("addmv", arg(4, "matrix"), matrix, 2);
  checkDims("addmv", arg(5, "vector"), vector, 1);
  if (matrix.size(1) != vector.size(0)) failMismatch("addmv", matrix, vector);
  checkResultSize("addmv", t, {matrix.size(0)});
  const Tensor target = prepare(result, beta, t, matrix, vector);
  gemm(target.unsqueeze(1), beta, alpha, matrix, vector.unsqueeze(1));
  finish(result, target);
}

void addmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
           const Tensor& b) {
  checkTypes("addmm", result, t, a, b);
  checkDims("addmm", arg(4, "mat1"), a, 2);
  checkDims("addmm", arg(5, "mat2"), b, 2);
  if (a.size(1) != b.size(0)) failMismatch("addmm", a, b);
  checkResultSize("addmm", t, {a.size(0), b.size(1)});
  const Tensor target = prepare(result, beta, t, a, b);
  gemm(target, beta, alpha, a, b);
  finish(result, target);
}

void addr(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& u,
          const Tensor& v) {
  checkTypes("addr", result, t, u, v);
  checkDims("addr", arg(4, "vec1"), u, 1);
  checkDims("addr", arg(5, "vec2"), v, 1);
  checkResultSize("addr", t, {u.size(0), v.size(0)});
  const Tensor target = prepare(result, beta, t, u, v);
  gemm(target, beta, alpha, u.unsqueeze(1), v.unsqueeze(0));
  finish(result, target);
}

void addbmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
            const Tensor& b) {
  checkTypes("addbmm", result, t, a, b);
  checkDims("addbmm", arg(4, "batch1"), a, 3);
  checkDims("addbmm", arg(5, "batch2"), b, 3);
  checkBatches("addbmm", a, b);
  checkResultSize("addbmm", t, {a.size(1), b.size(2)}, kBatchResult);
  if (contains(Halves, a.dtype()))
    return inFloat(result,
                   [&](const Tensor& r) { addbmm(r, beta, widened(t), alpha, widened(a), widened(b)); });
  const Tensor target = prepare(result, beta, t, a, b);
  for (int64_t i = 0; i < a.size(0); ++i) gemm(target, i ? 1 : beta, alpha, a.select(0, i), b.select(0, i));
  finish(result, target);
}

void baddbmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
             const Tensor& b) {
  checkTypes("baddbmm", result, t, a, b);
  checkDims("baddbmm", arg(4, "batch1"), a, 3);
  checkDims("baddbmm", arg(5, "batch2"), b, 3);
  checkBatches("baddbmm", a, b);
  checkResultSize("baddbmm", t, {a.size(0), a.size(1), b.size(2)}, kBatchResult);
  const Tensor target = prepare(result, beta, t, a, b);
  for (int64_t i = 0; i < a.size(0); ++i)
    gemm(target.select(0, i), beta, alpha, a.select(0, i), b.select(0, i));
  finish(result, target);
}

void mv(const Tensor& result, const Tensor& matrix, const Tensor& vector) {
  checkDims("mv", arg(2, "matrix"), matrix, 2);
  checkDims("mv", arg(3, "vector"), vector, 1);
  if (matrix.size(1) != vector.size(0)) failMismatch("mv", matrix, vector);
  const Tensor target = targetFor(result, {matrix.size(0)}, {&matrix, &vector});
  addmv(target, 0, target, 1, matrix, vector);
  finish(result, target);
}

void mm(const Tensor& result, const Tensor& a, const Tensor& b) {
  checkDims("mm", arg(2, "mat1"), a, 2);
  checkDims("mm", arg(3, "mat2"), b, 2);
  if (a.size(1) != b.size(0)) failMismatch("mm", a, b);
  const Tensor target = targetFor(result, {a.size(0), b.size(1)}, {&a, &b});
  addmm(target, 0, target, 1, a, b);
  finish(result, target);
}

void bmm(const Tensor& result, const Tensor& a, const Tensor& b) {
  checkDims("bmm", arg(2, "batch1"), a, 3);
  checkDims("bmm", arg(3, "batch2"), b, 3);
  checkBatches("bmm", a, b);
  const Tensor target = targetFor(result, {a.size(0), a.size(1), b.size(2)}, {&a, &b});
  baddbmm(target, 0, target, 1, a, b);
  finish(result, target);
}

void ger(const Tensor& result, const Tensor& u, const Tensor& v) {
  checkDims("ger", arg(2, "vec1"), u, 1);
  checkDims("ger", arg(3, "vec2"), v, 1);
  const Tensor target = targetFor(result, {u.size(0), v.size(0)}, {&u, &v});
  addr(target, 0, target, 1, u, v);
  finish(result, target);
}

namespace {

/// The add*mm family takes its factors in three method forms; one lambda serves all of them.
template <class F>
void declareAccumulating(OpTable& table, const char* name, const char* help, const char* t,
                         const char* factors, F run) {
  const std::string T = t, AB = factors;
  table.op(name, Family::InPlace, help)
      .overload(Form::Function, Real, ("[>T] [num=1] " + T + " [num=1] " + AB).c_str(), run)
      .overload(Form::Method, Real, (">" + T + " [" + T + "=arg1] [num=1] " + AB).c_str(),
                [](const Tensor& r, const Tensor& x, double alpha, const Tensor& a, const Tensor& b) {
                  F{}(r, 1, x, alpha, a, b);
                })
      .overload(Form::Method, Real, (">" + T + " num [" + T + "=arg1] num " + AB).c_str(), run);
}

}  // namespace

void declareBlasOps(OpTable& table) {
  using T = const Tensor&;
  table.op("dot", Family::Query, "sum of the products of the elements").overload(Real, "T T", [](T x, T y) {
    return dot(x, y);
  });
  table.op("mv", Family::Creation, "matrix-vector product")
      .overload(Real, "[>T] T~2D T~1D", [](T r, T m, T v) { mv(r, m, v); });
  table.op("mm", Family::Creation, "matrix product").overload(Real, "[>T] T~2D T~2D", [](T r, T a, T b) {
    mm(r, a, b);
  });
  table.op("bmm", Family::Creation, "products of two batches of matrices")
      .overload(Real, "[>T] T~3D T~3D", [](T r, T a, T b) { bmm(r, a, b); });
  table.op("ger", Family::Creation, "outer product of two vectors")
      .overload(Real, "[>T] T~1D T~1D", [](T r, T u, T v) { ger(r, u, v); });
  declareAccumulating(table, "addmv", "beta * t + alpha * matrix * vector", "T~1D", "T~2D T~1D",
                      [](T r, double beta, T t, double alpha, T a, T b) { addmv(r, beta, t, alpha, a, b); });
  declareAccumulating(table, "addmm", "beta * t + alpha * a * b", "T~2D", "T~2D T~2D",
                      [](T r, double beta, T t, double alpha, T a, T b) { addmm(r, beta, t, alpha, a, b); });
  declareAccumulating(table, "addr", "beta * t + alpha * u * v'", "T~2D", "T~1D T~1D",
                      [](T r, double beta, T t, double alpha, T a, T b) { addr(r, beta, t, alpha, a, b); });
  declareAccumulating(table, "addbmm", "beta * t + alpha * the sum of the products of two batches", "T~2D",
                      "T~3D T~3D",
                      [](T r, double beta, T t, double alpha, T a, T b) { addbmm(r, beta, t, alpha, a, b); });
  declareAccumulating(
      table, "baddbmm", "beta * t + alpha * a * b for each matrix of a batch", "T~3D", "T~3D T~3D",
      [](T r, double beta, T t, double alpha, T a, T b) { baddbmm(r, beta, t, alpha, a, b); });
}

}  // namespace cresset
