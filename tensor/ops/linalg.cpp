#include "tensor/ops/linalg.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>
#include <string>

#include "tensor/ops/OpTable.h"
#include "tensor/ops/families.h"
#include "tensor/ops/matrix.h"
#include "tensor/ops/reduce.h"

namespace cresset {

Slot<SolveKernel> gesvSlot{"gesv"};
Slot<LeastSquaresKernel> gelsSlot{"gels"};
Slot<TriangularSolveKernel> trtrsSlot{"trtrs"};
Slot<SymmetricEigenKernel> symeigSlot{"symeig"};
Slot<EigenKernel> eigSlot{"eig"};
Slot<SingularValuesKernel> svdSlot{"svd"};
Slot<InverseKernel> inverseSlot{"inverse"};
Slot<CholeskyKernel> potrfSlot{"potrf"}, potriSlot{"potri"};
Slot<CholeskySolveKernel> potrsSlot{"potrs"};
Slot<PivotedCholeskyKernel> pstrfSlot{"pstrf"};
Slot<HouseholderKernel> geqrfSlot{"geqrf"}, orgqrSlot{"orgqr"};
Slot<HouseholderProductKernel> ormqrSlot{"ormqr"};

namespace {

/// LAPACK counts with 32 bits.
void checkSizes(const char* op, Arg argument, const Tensor& x) {
  for (const int64_t size : x.sizes())
    if (size > INT_MAX)
      fail(op, argument, {"too large for LAPACK: expected sizes up to 2147483647, got ", describe(x)});
}

void checkMatrix(const char* op, Arg argument, const Tensor& a) {
  if (a.dim() != 2) fail(op, argument, {"A should be 2 dimensional, got ", describe(a)});
  checkSizes(op, argument, a);
}

void checkSquare(const char* op, Arg argument, const Tensor& a) {
  checkMatrix(op, argument, a);
  if (a.size(0) != a.size(1)) fail(op, argument, {"A should be square, got ", describe(a)});
}

/// For all that factorize: a NaN or an infinity can keep an iteration from ending, and OpenBLAS's pivoting
/// and reflections let a NaN come out as ordinary numbers.
void checkFinite(const char* op, Arg argument, const Tensor& a) {
  if (!std::isfinite(normAll(a, std::numeric_limits<double>::infinity())))
    fail(op, argument, {"contains NaN or infinity"});
}

/// The checks of A X = B.
void checkSystem(const char* op, Arg bArgument, const Tensor& b, Arg aArgument, const Tensor& a) {
  if (a.dim() != 2)
    fail(op, aArgument, {"A should have 2 dimensions, but has ", text(a.dim()), ": ", describe(a)});
  if (b.dim() != 1 && b.dim() != 2)
    fail(op, bArgument, {"B should have 1 or 2 dimensions, but has ", text(b.dim()), ": ", describe(b)});
  checkSameType(op, bArgument, b, a);
  checkSizes(op, bArgument, b);
  checkSizes(op, aArgument, a);
  if (b.size(0) != a.size(0))
    fail(op, bArgument,
         {"A,B size incompatible: expected ", text(a.size(0)), " rows as in ", describe(a), ", got ",
          describe(b)});
}

[[noreturn]] void failLapack(std::string_view op, std::string_view what, int position,
                             std::string_view problem) {
  const std::string i = text(int64_t{position});
  fail(op, {"Lapack Error ", what, "(", i, ",", i, ") is ", problem});
}
[[noreturn]] void failNotConverged(const char* op, const char* function) {
  fail(op, {"Lapack Error in ", function, " : the iteration did not converge"});
}

/// An uninitialised matrix with stride 1 along its columns.
Tensor newMatrix(Type type, int64_t rows, int64_t columns) { return Tensor(type, {columns, rows}).t(); }

/// A copy to compute in; a vector becomes a matrix of one column.
Tensor columnMajor(const Tensor& x) {
  const Tensor matrix = newMatrix(x.type(), x.size(0), x.dim() == 1 ? 1 : x.size(1));
  return matrix.copy(x);
}

/// Makes `result` hold what was computed, a matrix in column-major order. A view that has the sizes already,
/// but gaps between its elements, keeps its strides: others would reach into what lies around it.
void deliver(const Tensor& result, const Tensor& computed) {
  if (result.isContiguous() || !result.isSameSizeAs(computed))
    result.resize(computed.sizes(), computed.dim() == 2 ? Shape{1, computed.size(0)} : Shape{1});
  result.copy(computed);
}

/// Puts zeros beside one triangle of a.
const Tensor& keepTriangle(const Tensor& a, Triangle triangle) {
  (triangle == Triangle::Upper ? triu : tril)(a, a, 0);
  return a;
}

int64_t smallerSize(const Tensor& a) { return std::min(a.size(0), a.size(1)); }

/// Throws unless `tau` can belong to the reflections in `packed`.
void checkReflections(const char* op, const Tensor& packed, const Tensor& tau) {
  checkMatrix(op, arg(2, "m"), packed);
  checkSameType(op, arg(3, "tau"), tau, packed);
  if (tau.dim() != 1 || tau.size(0) > smallerSize(packed))
    fail(op, arg(3, "tau"),
         {"expected 1 dimension of size up to ", text(smallerSize(packed)), ", got ", describe(tau)});
}

}  // namespace

void gesv(const Tensor& x, const Tensor& lu, const Tensor& b, const Tensor& a) {
  checkSystem("gesv", arg(3, "B"), b, arg(4, "A"), a);
  checkSquare("gesv", arg(4, "A"), a);
  checkSameType("gesv", arg(1, "result"), x, a);
  checkSameType("gesv", arg(2, "result"), lu, a);
  checkFinite("gesv", arg(4, "A"), a);
  const Tensor solution = columnMajor(b), factors = columnMajor(a);
  if (const int i = gesvSlot.on(a)(solution, factors))
    failLapack("gesv", "in gesv : U", i, "zero, singular U.");
  deliver(x, solution);
  deliver(lu, factors);
}

void gels(const Tensor& x, const Tensor& factor, const Tensor& b, const Tensor& a) {
  checkSystem("gels", arg(3, "B"), b, arg(4, "A"), a);
  checkSameType("gels", arg(1, "result"), x, a);
  checkSameType("gels", arg(2, "result"), factor, a);
  checkFinite("gels", arg(3, "B"), b);
  checkFinite("gels", arg(4, "A"), a);
  const int64_t m = a.size(0), n = a.size(1);
  const Tensor both = newMatrix(a.type(), std::max(m, n), b.dim() == 1 ? 1 : b.size(1));
  both.narrow(0, 0, m).copy(b);
  const Tensor packed = columnMajor(a);
  if (const int i = gelsSlot.on(a)(both, packed))
    failLapack("gels", "in gels : A has not full rank: diagonal element ", i,
               "zero in its triangular factor");
  deliver(x, both.narrow(0, 0, n));
  deliver(factor, packed);
}

void trtrs(const Tensor& x, const Tensor& copy, const Tensor& b, const Tensor& a, Triangle triangle,
           Transposed transposed, Diagonal diagonal) {
  checkSystem("trtrs", arg(3, "B"), b, arg(4, "A"), a);
  checkSquare("trtrs", arg(4, "A"), a);
  checkSameType("trtrs", arg(1, "result"), x, a);
  checkSameType("trtrs", arg(2, "result"), copy, a);
  const Tensor solution = columnMajor(b), matrix = columnMajor(a);
  if (const int i = trtrsSlot.on(a)(solution, matrix, triangle, transposed, diagonal))
    failLapack("trtrs", "in trtrs : A", i, "zero, singular A.");
  deliver(x, solution);
  deliver(copy, matrix);
}

void symeig(const Tensor& e, const Tensor& v, const Tensor& a, Vectors vectors, Triangle triangle) {
  checkSquare("symeig", arg(3, "A"), a);
  checkSameType("symeig", arg(1, "result"), e, a);
  checkSameType("symeig", arg(2, "result"), v, a);
  const Tensor matrix = keepTriangle(columnMajor(a), triangle), values(a.type(), {a.size(0)});
  checkFinite("symeig", arg(3, "A"), matrix);
  if (symeigSlot.on(a)(values, matrix, vectors, triangle)) failNotConverged("symeig", "syev");
  deliver(e, values);
  deliver(v, matrix);
}

void eig(const Tensor& e, const Tensor& v, const Tensor& a, Vectors vectors) {
  checkSquare("eig", arg(3, "A"), a);
  checkSameType("eig", arg(1, "result"), e, a);
  checkSameType("eig", arg(2, "result"), v, a);
  checkFinite("eig", arg(3, "A"), a);
  const int64_t n = a.size(0);
  const Tensor values = newMatrix(a.type(), n, 2);
  const Tensor columns = vectors == Vectors::Yes ? newMatrix(a.type(), n, n) : Tensor(a.type());
  if (eigSlot.on(a)(values, columns, columnMajor(a))) failNotConverged("eig", "geev");
  deliver(e, values);
  if (vectors == Vectors::Yes) {
    deliver(v, columns);
  } else {
    v.resize({});
  }
}

void svd(const Tensor& u, const Tensor& s, const Tensor& v, const Tensor& a, Factors factors) {
  checkMatrix("svd", arg(4, "A"), a);
  checkSameType("svd", arg(1, "result"), u, a);
  checkSameType("svd", arg(2, "result"), s, a);
  checkSameType("svd", arg(3, "result"), v, a);
  checkFinite("svd", arg(4, "A"), a);
  const int64_t m = a.size(0), n = a.size(1), k = smallerSize(a);
  const bool all = factors == Factors::All;
  const Tensor left = newMatrix(a.type(), m, all ? m : k), values(a.type(), {k}),
               right = newMatrix(a.type(), all ? n : k, n);
  if (svdSlot.on(a)(left, values, right, columnMajor(a), factors)) failNotConverged("svd", "gesdd");
  deliver(u, left);
  deliver(s, values);
  deliver(v, right.t());
}

void inverse(const Tensor& result, const Tensor& a) {
  checkSquare("inverse", arg(2, "A"), a);
  checkSameType("inverse", arg(1, "result"), result, a);
  checkFinite("inverse", arg(2, "A"), a);
  const Tensor matrix = columnMajor(a);
  if (const int i = inverseSlot.on(a)(matrix)) failLapack("inverse", "getrf : U", i, "0, U is singular");
  deliver(result, matrix);
}

void potrf(const Tensor& result, const Tensor& a, Triangle triangle) {
  checkSquare("potrf", arg(2, "A"), a);
  checkSameType("potrf", arg(1, "result"), result, a);
  const Tensor factor = keepTriangle(columnMajor(a), triangle);
  checkFinite("potrf", arg(2, "A"), factor);
  if (const int order = potrfSlot.on(a)(factor, triangle))
    fail("potrf", {"Lapack Error in potrf : the leading minor of order ", text(int64_t{order}),
                   " is not positive definite"});
  deliver(result, factor);
}

void potrs(const Tensor& x, const Tensor& b, const Tensor& factor, Triangle triangle) {
  checkSystem("potrs", arg(2, "B"), b, arg(3, "chol"), factor);
  checkSquare("potrs", arg(3, "chol"), factor);
  checkSameType("potrs", arg(1, "result"), x, factor);
  const Tensor solution = columnMajor(b);
  potrsSlot.on(factor)(solution, columnMajor(factor), triangle);
  deliver(x, solution);
}

void potri(const Tensor& result, const Tensor& factor, Triangle triangle) {
  checkSquare("potri", arg(2, "chol"), factor);
  checkSameType("potri", arg(1, "result"), result, factor);
  const Tensor half = columnMajor(factor);
  if (const int i = potriSlot.on(factor)(half, triangle))
    failLapack("potri", "in potri : A", i, "0, A cannot be inverted");
  keepTriangle(half, triangle);
  const Tensor other(half.type());
  if (triangle == Triangle::Upper) {
    triu(other, half, 1);
  } else {
    tril(other, half, -1);
  }
  deliver(result, half.add(other.t()));
}

void pstrf(const Tensor& result, const Tensor& pivots, const Tensor& a, Triangle triangle, double tolerance) {
  checkSquare("pstrf", arg(3, "A"), a);
  checkSameType("pstrf", arg(1, "result"), result, a);
  checkDType("pstrf", arg(2, "pivots"), pivots, DType::Int);
  const Tensor factor = keepTriangle(columnMajor(a), triangle),
               positions({DType::Int, a.device()}, {a.size(0)});
  checkFinite("pstrf", arg(3, "A"), factor);
  if (pstrfSlot.on(a)(factor, positions, triangle, tolerance))
    fail("pstrf", {"Lapack Error in pstrf : the matrix is rank deficient or not positive semidefinite"});
  deliver(result, factor);
  deliver(pivots, positions);
}

void qr(const Tensor& q, const Tensor& r, const Tensor& a) {
  checkMatrix("qr", arg(3, "A"), a);
  checkSameType("qr", arg(1, "result"), q, a);
  checkSameType("qr", arg(2, "result"), r, a);
  checkFinite("qr", arg(3, "A"), a);
  const int64_t k = smallerSize(a);
  const Tensor packed = columnMajor(a), tau(a.type(), {k}), upper(a.type());
  geqrfSlot.on(a)(packed, tau);
  triu(upper, packed.narrow(0, 0, k));
  const Tensor basis = packed.narrow(1, 0, k);
  orgqrSlot.on(a)(basis, tau);
  deliver(q, basis);
  deliver(r, upper);
}

void geqrf(const Tensor& packed, const Tensor& tau, const Tensor& a) {
  checkMatrix("geqrf", arg(3, "A"), a);
  checkSameType("geqrf", arg(1, "result"), packed, a);
  checkSameType("geqrf", arg(2, "result"), tau, a);
  checkFinite("geqrf", arg(3, "A"), a);
  const Tensor matrix = columnMajor(a), scales(a.type(), {smallerSize(a)});
  geqrfSlot.on(a)(matrix, scales);
  deliver(packed, matrix);
  deliver(tau, scales);
}

void orgqr(const Tensor& result, const Tensor& packed, const Tensor& tau) {
  checkReflections("orgqr", packed, tau);
  checkSameType("orgqr", arg(1, "result"), result, packed);
  const Tensor basis = columnMajor(packed.narrow(1, 0, tau.size(0)));
  orgqrSlot.on(packed)(basis, tau.contiguous());
  deliver(result, basis);
}

void ormqr(const Tensor& result, const Tensor& packed, const Tensor& tau, const Tensor& c, Side side,
           Transposed transposed) {
  checkReflections("ormqr", packed, tau);
  checkSameType("ormqr", arg(1, "result"), result, packed);
  checkSameType("ormqr", arg(4, "C"), c, packed);
  if (c.dim() != 2) fail("ormqr", arg(4, "C"), {"C should be 2 dimensional, got ", describe(c)});
  checkSizes("ormqr", arg(4, "C"), c);
  const int64_t order = packed.size(0), got = c.size(side == Side::Left ? 0 : 1);
  if (got != order)
    fail("ormqr", arg(4, "C"),
         {"size mismatch: expected ", text(order), side == Side::Left ? " rows" : " columns", ", got ",
          describe(c)});
  const Tensor product = columnMajor(c);
  ormqrSlot.on(c)(product, columnMajor(packed), tau.contiguous(), side, transposed);
  deliver(result, product);
}

void declareLinalgOps(OpTable& table) {
  using T = const Tensor&;
  constexpr TypeSet kTypes = Floating | NotHalves;  // LAPACK's
  table.op("gesv", Family::Function, "solves A X = B; gives X and the LU factorization of A")
      .overload(kTypes, "[>T >T] T T", [](T x, T lu, T b, T a) { gesv(x, lu, b, a); });
  table
      .op("gels", Family::Function,
          "least squares or minimum norm solution of A X = B; gives X and the QR or LQ factorization of A")
      .overload(kTypes, "[>T >T] T T", [](T x, T factor, T b, T a) { gels(x, factor, b, a); });
  table.op("trtrs", Family::Function, "solves A X = B for a triangular A; gives X and a copy of A")
      .overload(kTypes, "[>T >T] T T [\"U|L\"=U] [\"N|T\"=N] [\"N|U\"=N]",
                [](T x, T copy, T b, T a, char triangle, char transposed, char diagonal) {
                  trtrs(x, copy, b, a, Triangle{triangle}, Transposed{transposed}, Diagonal{diagonal});
                });
  table.op("symeig", Family::Function, "eigenvalues and eigenvectors of a symmetric matrix")
      .overload(kTypes, "[>T >T] T [\"N|V\"=N] [\"U|L\"=U]", [](T e, T v, T a, char vectors, char triangle) {
        symeig(e, v, a, Vectors{vectors}, Triangle{triangle});
      });
  table.op("eig", Family::Function, "eigenvalues, as n x 2, and eigenvectors of a matrix")
      .overload(kTypes, "[>T >T] T [\"N|V\"=N]",
                [](T e, T v, T a, char vectors) { eig(e, v, a, Vectors{vectors}); });
  table.op("svd", Family::Function, "singular values: U, S and V with A = U diag(S) V'")
      .overload(kTypes, "[>T >T >T] T [\"A|S\"=S]",
                [](T u, T s, T v, T a, char factors) { svd(u, s, v, a, Factors{factors}); });
  table.op("inverse", Family::Function, "the inverse of a matrix")
      .overload(kTypes, "[>T] T", [](T result, T a) { inverse(result, a); });
  table.op("potrf", Family::Function, "the Cholesky factor of a positive definite matrix")
      .overload(kTypes, "[>T] T [\"U|L\"=U]",
                [](T result, T a, char triangle) { potrf(result, a, Triangle{triangle}); });
  table.op("potrs", Family::Function, "solves A X = B with the Cholesky factor of A")
      .overload(kTypes, "[>T] T T [\"U|L\"=U]",
                [](T x, T b, T factor, char triangle) { potrs(x, b, factor, Triangle{triangle}); });
  table.op("potri", Family::Function, "the inverse of a matrix from its Cholesky factor")
      .overload(kTypes, "[>T] T [\"U|L\"=U]",
                [](T result, T factor, char triangle) { potri(result, factor, Triangle{triangle}); });
  table
      .op("pstrf", Family::Function,
          "the Cholesky factor of a positive semidefinite matrix with pivoting, and the pivots")
      .overload(kTypes, "[>T >Int] T [\"U|L\"=U] [num=-1]",
                [](T result, T pivots, T a, char triangle, double tolerance) {
                  pstrf(result, pivots, a, Triangle{triangle}, tolerance);
                });
  table.op("qr", Family::Function, "Q and R with A = Q R").overload(kTypes, "[>T >T] T", [](T q, T r, T a) {
    qr(q, r, a);
  });
  table.op("geqrf", Family::Function, "the QR factorization, packed, and the factors of its reflections")
      .overload(kTypes, "[>T >T] T", [](T packed, T tau, T a) { geqrf(packed, tau, a); });
  table.op("orgqr", Family::Function, "Q of a packed QR factorization")
      .overload(kTypes, "[>T] T T", [](T result, T packed, T tau) { orgqr(result, packed, tau); });
  table.op("ormqr", Family::Function, "the product of a matrix and Q of a packed QR factorization")
      .overload(kTypes, "[>T] T T T [\"L|R\"=L] [\"N|T\"=N]",
                [](T result, T packed, T tau, T c, char side, char transposed) {
                  ormqr(result, packed, tau, c, Side{side}, Transposed{transposed});
                });
}

}  // namespace cresset
