// Linear algebra: systems of equations, eigenvalues, singular values, factorizations.
//
// Matrices have two dimensions, any strides and float or double elements. Results are resized and come in
// column-major order (stride 1 along a column), as LAPACK computes them; only a result that has the sizes
// already and is not contiguous keeps its strides. All inputs are read before a result is written: a result
// may be an input, and is left alone when the computation fails. Common errors: `A should be 2 dimensional`,
// `A should be square`, a size above 2^31 - 1, and `contains NaN or infinity` where the matrix is factorized.
// Source: Torch7's functions of these names.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

// The options are LAPACK's letters.
enum class Triangle : char { Upper = 'U', Lower = 'L' };
enum class Transposed : char { No = 'N', Yes = 'T' };
enum class Diagonal : char { Given = 'N', Unit = 'U' };
enum class Vectors : char { No = 'N', Yes = 'V' };
enum class Factors : char { Some = 'S', All = 'A' };
enum class Side : char { Left = 'L', Right = 'R' };

/// Solves A X = B for A [n x n] and B [n x k] or [n]: `x` [n x k], and `lu`, the factors L (unit diagonal)
/// and U of A. Throws Error (`A,B size incompatible`, `U(i,i) is zero, singular U`).
void gesv(const Tensor& x, const Tensor& lu, const Tensor& b, const Tensor& a);
/// The X [n x k] that minimizes |A X - B| for A [m x n] of full rank and B [m x k] or [m]; the smallest such
/// X when m < n. `factor` [m x n] is A's QR or LQ factorization. Throws Error (`A,B size incompatible`).
void gels(const Tensor& x, const Tensor& factor, const Tensor& b, const Tensor& a);
/// Solves A X = B, or A' X = B, for the triangular A [n x n] and B [n x k] or [n]; the other triangle of A is
/// not read, its diagonal neither with Diagonal::Unit. `copy` becomes A. Throws Error (`A,B size
/// incompatible`, `A(i,i) is zero`).
void trtrs(const Tensor& x, const Tensor& copy, const Tensor& b, const Tensor& a,
           Triangle triangle = Triangle::Upper, Transposed transposed = Transposed::No,
           Diagonal diagonal = Diagonal::Given);

/// Eigenvalues `e` [n], ascending, and eigenvectors, the columns of `v` [n x n], of a symmetric matrix given
/// by one triangle. Without vectors the content of `v` is unspecified.
void symeig(const Tensor& e, const Tensor& v, const Tensor& a, Vectors vectors = Vectors::No,
            Triangle triangle = Triangle::Upper);
/// Eigenvalues `e` [n x 2], real and imaginary parts, of A [n x n]. The eigenvectors are the columns of `v`
/// [n x n]; a complex pair has two, the real and the imaginary part. `v` is empty without vectors.
void eig(const Tensor& e, const Tensor& v, const Tensor& a, Vectors vectors = Vectors::No);
/// A = U diag(S) V' for A [m x n] and k = min(m, n): `s` [k] descending, `u` [m x k] and `v` [n x k], or
/// [m x m] and [n x n] with Factors::All.
void svd(const Tensor& u, const Tensor& s, const Tensor& v, const Tensor& a, Factors factors = Factors::Some);

/// The inverse of A [n x n]. Throws Error (`U(i,i) is 0, U is singular`).
void inverse(const Tensor& result, const Tensor& a);

/// The Cholesky factor of a symmetric positive definite A, of which one triangle is read: U with U'U = A, or
/// L with LL' = A. The other triangle becomes zero. Throws Error (`the leading minor of order i is not
/// positive definite`).
void potrf(const Tensor& result, const Tensor& a, Triangle triangle = Triangle::Upper);
/// Solves A X = B for the A that `factor` is the Cholesky factor of, and B [n x k] or [n].
void potrs(const Tensor& x, const Tensor& b, const Tensor& factor, Triangle triangle = Triangle::Upper);
/// The inverse, all of it, of the A that `factor` is the Cholesky factor of.
void potri(const Tensor& result, const Tensor& factor, Triangle triangle = Triangle::Upper);
/// Cholesky factor with pivoting: U'U = P'AP where column j of P has its 1 in row pivots[j], an IntTensor
/// that counts from 1. Pivots not above `tolerance` count as zero; a negative one stands for n eps max
/// A(i,i). Throws Error (`rank deficient`).
void pstrf(const Tensor& result, const Tensor& pivots, const Tensor& a, Triangle triangle = Triangle::Upper,
           double tolerance = -1);

/// A = Q R for A [m x n] and k = min(m, n): `q` [m x k] with orthonormal columns, `r` [k x n] upper
/// triangular.
void qr(const Tensor& q, const Tensor& r, const Tensor& a);
/// The same, packed: R in the upper triangle of `packed` [m x n], the vectors of k Householder reflections
/// below it, their factors in `tau` [k].
void geqrf(const Tensor& packed, const Tensor& tau, const Tensor& a);
/// Q [m x k] of what geqrf made; k is the size of tau. Throws Error when tau does not fit.
void orgqr(const Tensor& result, const Tensor& packed, const Tensor& tau);
/// Q C, Q' C, C Q or C Q' for the square Q of what geqrf made. Throws Error when C or tau do not fit.
void ormqr(const Tensor& result, const Tensor& packed, const Tensor& tau, const Tensor& c,
           Side side = Side::Left, Transposed transposed = Transposed::No);

// Kernels, named as LAPACK's functions. They overwrite matrices with stride 1 along the columns, whose
// sizes are checked and below 2^31, and return LAPACK's `info`: 0, or where it failed, from 1.
using SolveKernel = int(const Tensor& b, const Tensor& a);
/// b [max(m, n) x k] holds B in its first m rows, then X in its first n.
using LeastSquaresKernel = int(const Tensor& b, const Tensor& a);
using TriangularSolveKernel = int(const Tensor& b, const Tensor& a, Triangle triangle, Transposed transposed,
                                  Diagonal diagonal);
using SymmetricEigenKernel = int(const Tensor& e, const Tensor& a, Vectors vectors, Triangle triangle);
/// v is empty without vectors.
using EigenKernel = int(const Tensor& e, const Tensor& v, const Tensor& a);
/// vt is V'.
using SingularValuesKernel = int(const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& a,
                                 Factors factors);
using InverseKernel = int(const Tensor& a);
using CholeskyKernel = int(const Tensor& a, Triangle triangle);
using CholeskySolveKernel = int(const Tensor& b, const Tensor& factor, Triangle triangle);
using PivotedCholeskyKernel = int(const Tensor& a, const Tensor& pivots, Triangle triangle, double tolerance);
using HouseholderKernel = int(const Tensor& a, const Tensor& tau);
using HouseholderProductKernel = int(const Tensor& c, const Tensor& packed, const Tensor& tau, Side side,
                                     Transposed transposed);
extern Slot<SolveKernel> gesvSlot;
extern Slot<LeastSquaresKernel> gelsSlot;
extern Slot<TriangularSolveKernel> trtrsSlot;
extern Slot<SymmetricEigenKernel> symeigSlot;
extern Slot<EigenKernel> eigSlot;
extern Slot<SingularValuesKernel> svdSlot;
extern Slot<InverseKernel> inverseSlot;
extern Slot<CholeskyKernel> potrfSlot, potriSlot;
extern Slot<CholeskySolveKernel> potrsSlot;
extern Slot<PivotedCholeskyKernel> pstrfSlot;
extern Slot<HouseholderKernel> geqrfSlot, orgqrSlot;
extern Slot<HouseholderProductKernel> ormqrSlot;

}  // namespace cresset
