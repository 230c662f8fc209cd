// Sums, products, extremes and statistics, over all elements or along a dimension, which is kept with size 1.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Over all elements. Integers accumulate in 64 bits, floating types in double. An empty tensor gives 0, or 1
/// for prod.
double sumAll(const Tensor& x);
double prodAll(const Tensor& x);
/// The first NaN wins. Throws Error (`tensor must have one dimension`) when x is empty.
double maxAll(const Tensor& x);
double minAll(const Tensor& x);

/// Whether var and std divide by n or by n - 1.
enum class Variance { Unbiased, Biased };
/// Floating types only; throw Error (`empty Tensor`) when x is empty.
double meanAll(const Tensor& x);
double varAll(const Tensor& x, Variance kind);
/// (sum |x|^p)^(1/p); p = 0 counts non-zeros, p = infinity gives the largest magnitude.
double normAll(const Tensor& x, double p);
/// The p-norm of x - y. Counts must agree.
double dist(const Tensor& x, const Tensor& y, double p);
/// True when every / some element of a ByteTensor is not 0.
bool all(const Tensor& x);
bool any(const Tensor& x);

// Along a dimension (from 0). Errors contain `dimension d out of range`.
void sum(const Tensor& result, const Tensor& x, int64_t dim);
void prod(const Tensor& result, const Tensor& x, int64_t dim);
void mean(const Tensor& result, const Tensor& x, int64_t dim);
void var(const Tensor& result, const Tensor& x, int64_t dim, Variance kind);
void std(const Tensor& result, const Tensor& x, int64_t dim, Variance kind);
void norm(const Tensor& result, const Tensor& x, double p, int64_t dim);
/// Values and their positions counted from 1, as Torch7 stores them. The first of equal ones, or the first
/// NaN, wins.
void max(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim);
void min(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim);
void cumsum(const Tensor& result, const Tensor& x, int64_t dim);
void cumprod(const Tensor& result, const Tensor& x, int64_t dim);

// Kernels. x is contiguous and seen as [outer x n x inner]; results have their sizes already.
using ReduceAllKernel = double(const Tensor& x, double parameter);
using ReduceKernel = void(const Tensor& result, const Tensor& x, int64_t dim, double parameter);
using ExtremeKernel = void(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim);
extern Slot<ReduceAllKernel> sumAllSlot, prodAllSlot, maxAllSlot, minAllSlot, varAllSlot, normAllSlot;
extern Slot<ReduceKernel> sumSlot, prodSlot, varSlot, normSlot, cumsumSlot, cumprodSlot;
extern Slot<ExtremeKernel> maxSlot, minSlot;

/// The three sizes that a dimension splits a contiguous tensor into.
struct Split {
  int64_t outer, n, inner;
};
Split splitAt(const Tensor& x, int64_t dim);

}  // namespace cresset
