// Order along a dimension: values and the positions they had, counted from 1. A dimension of -1 is the last
// one. NaN counts as larger than every number; equal values keep their order, which makes results independent
// of the number of threads.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

enum class Direction { Ascending, Descending };
enum class Sorted { No, Yes };

/// Both results get x's sizes; `values` may be x. Errors of all five contain `out of range` or `not in
/// range`.
void sort(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim = -1,
          Direction direction = Direction::Ascending);
/// The k first in sorting order, in any order unless `sorted`; ascending order gives the smallest.
void topk(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim = -1,
          Direction direction = Direction::Ascending, Sorted sorted = Sorted::No);

// These keep the dimension with size 1.
/// The k-th smallest, counted from 1. Throws Error (`selected index out of range`).
void kthvalue(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k, int64_t dim = -1);
/// The middle in sorting order; the lower one of two.
void median(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim = -1);
/// The most frequent value, the smallest one of several, and a place that holds it.
void mode(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim = -1);

// Kernels. All are contiguous; each row of x in the last dimension gives k entries of the results. k = n
// sorts; otherwise the k first in sorting order are selected.
using SortKernel = void(const Tensor& values, const Tensor& indices, const Tensor& x, Direction direction,
                        Sorted sorted);
using RowSelectKernel = void(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t k);
extern Slot<SortKernel> sortSlot;
extern Slot<RowSelectKernel> kthvalueSlot, modeSlot;

}  // namespace cresset
