// Elements picked by position along a dimension: whole slices (index*), or one position for each element
// (gather, scatter). Positions are LongTensors counted from 1, as Torch7 stores them, and are all checked
// before anything is written. Where several values meet in one place, the last one stays.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Slice k of the result is slice indices[k] of x along `dim`. Throws Error (`Index is supposed to be a
/// vector`, `Indexing dim d is out of bounds of tensor`, `index out of range`), as the other three do.
void index(const Tensor& result, const Tensor& x, int64_t dim, const Tensor& indices);
/// Slice indices[k] of x becomes slice k of `source`, which has as many slices as there are indices, each
/// with the elements of one of x's.
void indexCopy(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source);
/// The same, added to what is there; repeated indices accumulate.
void indexAdd(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source);
void indexFill(const Tensor& x, int64_t dim, const Tensor& indices, double value);

/// result[i][j] = x[indices[i][j]][j] for dim 0. `indices` has x's sizes but for `dim`, the result has its
/// sizes. Throws Error (`Invalid index in gather`).
void gather(const Tensor& result, const Tensor& x, int64_t dim, const Tensor& indices);
/// x[indices[i][j]][j] = source[i][j] for dim 0. All sizes agree but for `dim`, in which `source` has at
/// least as many elements as `indices`. Throws Error (`Invalid index in scatter`).
void scatter(const Tensor& x, int64_t dim, const Tensor& indices, const Tensor& source);
void scatter(const Tensor& x, int64_t dim, const Tensor& indices, double value);

// Kernels. All tensors have the sizes of `indices`. `starts` is where x's lines along the dimension begin:
// its stride there is 0, and position p lies (p - 1) * step elements further.
using GatherKernel = void(const Tensor& result, const Tensor& starts, const Tensor& indices, int64_t step);
/// `dim` is the dimension of the lines: elements of different lines never meet.
using ScatterKernel = void(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step,
                           int64_t dim);
/// Whether all positions lie in 1..size. On the CPU only: elsewhere two reductions say it.
using PositionsKernel = bool(const Tensor& indices, int64_t size);
extern Slot<GatherKernel> gatherSlot;
extern Slot<PositionsKernel> positionsSlot;
extern Slot<ScatterKernel> scatterSlot, scatterAddSlot;

}  // namespace cresset
