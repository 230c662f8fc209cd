// The one reduction: lines of elements are joined by an operation, in an order that depends on their number
// only, so that a result is the same every time. nvcc sources only.
#pragma once

#include <algorithm>

#include "tensor/cuda/runtime.h"
#include "tensor/ops/reduce.h"

namespace cresset::cuda {

/// `count` lines of n elements: element k of line l is number (l / inner * n + k) * inner + l % inner.
struct Lines {
  int64_t count, n, inner;
};
inline Lines linesOf(const Tensor& x, int64_t dim) {
  const Split s = splitAt(x, dim);
  return {s.outer * s.inner, s.n, s.inner};
}
inline Lines oneLine(const Tensor& x) { return {1, x.nElement(), 1}; }

// An operation has a plain struct or number `Acc` and
//   Acc start() const                      what joins with anything and changes nothing
//   Acc add(Acc a, T x, int64_t k) const   takes element k of a line in
//   Acc join(Acc a, Acc b) const
//   void store(int64_t line, Acc a) const  writes a line's result

/// Joins what was accumulated of the parts of long lines.
template <class Op> struct Joined {
  using Acc = typename Op::Acc;
  Op op;
  __device__ Acc start() const { return op.start(); }
  __device__ Acc add(Acc a, Acc b, int64_t) const { return op.join(a, b); }
  __device__ Acc join(Acc a, Acc b) const { return op.join(a, b); }
  __device__ void store(int64_t line, Acc a) const { op.store(line, a); }
};

/// A block takes several lines, each shared by `parts` threads: neighbours in x when a line is contiguous, in
/// y when neighbouring lines are. blockIdx.y counts pieces of `piece` elements; with `partial`, the pieces'
/// results go there as [pieces x lines].
template <class Op, class T>
__global__ void __launch_bounds__(kBlock)
    reduceKernel(Op op, const T* x, Lines s, int64_t piece, bool alongX, typename Op::Acc* partial) {
  using Acc = typename Op::Acc;
  __shared__ Acc shared[kBlock];
  const unsigned parts = alongX ? blockDim.x : blockDim.y, part = alongX ? threadIdx.x : threadIdx.y;
  const unsigned lines = alongX ? blockDim.y : blockDim.x, own = alongX ? threadIdx.y : threadIdx.x;
  const int64_t line = static_cast<int64_t>(blockIdx.x) * lines + own;
  Acc a = op.start();
  if (line < s.count) {
    const T* p = x + line / s.inner * s.n * s.inner + line % s.inner;
    const int64_t first = blockIdx.y * piece, end = first + piece < s.n ? first + piece : s.n;
    for (int64_t k = first + part; k < end; k += parts) a = op.add(a, p[k * s.inner], k);
  }
  const unsigned self = threadIdx.y * blockDim.x + threadIdx.x, distance = alongX ? 1 : blockDim.x;
  shared[self] = a;
  for (unsigned half = parts / 2; half > 0; half /= 2) {
    __syncthreads();
    if (part < half) shared[self] = a = op.join(a, shared[self + half * distance]);
  }
  if (part > 0 || line >= s.count) return;
  if (partial) {
    partial[blockIdx.y * s.count + line] = a;
  } else {
    op.store(line, a);
  }
}

/// How lines are spread over a launch. From their sizes alone: another GPU must give the same sums.
struct Spread {
  dim3 grid, block;
  int64_t piece;
  bool alongX;
};
inline Spread spread(Lines s) {
  Spread r;
  r.alongX = s.inner == 1;
  r.block = !r.alongX ? dim3(32, 8) : s.n > 512 ? dim3(kBlock, 1) : dim3(32, 8);
  const int64_t parts = r.alongX ? r.block.x : r.block.y, lines = kBlock / parts;
  const int64_t blocks = (s.count + lines - 1) / lines;
  // About a thousand blocks keep a GPU busy; a thread with fewer than 16 elements costs more than it brings.
  const int64_t pieces = std::clamp<int64_t>(1024 / blocks, 1, std::max<int64_t>(1, s.n / (16 * parts)));
  r.piece = (s.n + pieces - 1) / pieces;
  r.grid = dim3(static_cast<unsigned>(blocks), static_cast<unsigned>((s.n + r.piece - 1) / r.piece));
  return r;
}

/// Reduces each line of x.
template <class T, class Op> void reduce(const Op& op, const T* x, Lines s) {
  using Acc = typename Op::Acc;
  const Spread r = spread(s);
  Storage memory;
  Acc* partial = nullptr;
  if (r.grid.y > 1) {
    memory = Storage({DType::Byte, Device::CUDA}, static_cast<int64_t>(sizeof(Acc)) * s.count * r.grid.y);
    partial = memory.data<Acc>();
  }
  reduceKernel<<<r.grid, r.block, 0, stream()>>>(op, x, s, r.piece, r.alongX, partial);
  checkLaunch();
  if (!partial) return;
  const Lines pieces{s.count, r.grid.y, s.count};
  const bool alongX = s.count == 1;
  const dim3 block = alongX ? dim3(kBlock, 1) : dim3(32, 8);
  const int64_t lines = alongX ? 1 : 32;
  reduceKernel<<<static_cast<unsigned>((s.count + lines - 1) / lines), block, 0, stream()>>>(
      Joined<Op>{op}, static_cast<const Acc*>(partial), pieces, pieces.n, alongX, static_cast<Acc*>(nullptr));
  checkLaunch();
}

/// Runs body(R* result) and gives the number that it has computed there.
template <class R, class Body> R toNumber(Body body) {
  const Storage result({DType::Byte, Device::CUDA}, sizeof(R));
  body(result.data<R>());
  return fetch(result.data<R>());
}

}  // namespace cresset::cuda
