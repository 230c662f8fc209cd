// Products of vectors and matrices, on OpenBLAS for float and double.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Sum of x * y over elements in logical order; only the counts must agree. Integers accumulate in 64 bits.
double dot(const Tensor& x, const Tensor& y);

// result = beta * t + alpha * product. With beta = 0, t is not read: it may hold NaN. `result` may be t; when
// it is one of the factors the product is computed aside. Errors contain `size mismatch`.
/// t [m], matrix [m x n], vector [n].
void addmv(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& matrix,
           const Tensor& vector);
/// t [m x n], a [m x k], b [k x n].
void addmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
           const Tensor& b);
/// t [m x n], u [m], v [n].
void addr(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& u, const Tensor& v);
/// t [m x n], a [batch x m x k], b [batch x k x n]: the products are summed.
void addbmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
            const Tensor& b);
/// t [batch x m x n], a [batch x m x k], b [batch x k x n].
void baddbmm(const Tensor& result, double beta, const Tensor& t, double alpha, const Tensor& a,
             const Tensor& b);

void mv(const Tensor& result, const Tensor& matrix, const Tensor& vector);
void mm(const Tensor& result, const Tensor& a, const Tensor& b);
void bmm(const Tensor& result, const Tensor& a, const Tensor& b);
void ger(const Tensor& result, const Tensor& u, const Tensor& v);

/// Threads of the BLAS library, when it is loaded.
void setBlasThreads(int n);

// Kernels. c [m x n] = alpha * a * b + beta * c; each matrix has a unit stride in one of its dimensions and c
// in either.
using GemmKernel = void(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b);
using DotKernel = double(const Tensor& x, const Tensor& y);
extern Slot<GemmKernel> gemmSlot;
extern Slot<DotKernel> dotSlot;

}  // namespace cresset
