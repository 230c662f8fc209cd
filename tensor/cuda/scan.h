// Running sums and products along lines. nvcc sources only.
#pragma once

#include "tensor/cuda/reduce.h"

namespace cresset::cuda {

// A running operation has a number `Acc`, and `start`, `join` and `load(T) -> Acc` as static device
// functions.

inline constexpr unsigned kWarp = 32;

/// Inclusive: thread i receives the join of the block's values 0..i. `shared` has kBlock / kWarp entries.
template <class Op> __device__ typename Op::Acc scanBlock(typename Op::Acc a, typename Op::Acc* shared) {
  const unsigned lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  for (unsigned d = 1; d < kWarp; d *= 2) {
    const auto before = __shfl_up_sync(~0u, a, d);
    if (lane >= d) a = Op::join(before, a);
  }
  __syncthreads();  // an earlier round may still be read
  if (lane == kWarp - 1) shared[warp] = a;
  __syncthreads();
  auto before = Op::start();
  for (unsigned w = 0; w < warp; ++w) before = Op::join(before, shared[w]);
  return Op::join(before, a);
}

/// A block goes along one piece of one line. `carry` [pieces x lines] holds what each piece starts from; null
/// for nothing.
template <class Op, class T, class R>
__global__ void __launch_bounds__(kBlock)
    scanKernel(const T* x, R* result, Lines s, int64_t piece, const typename Op::Acc* carry) {
  using Acc = typename Op::Acc;
  __shared__ Acc warps[kBlock / kWarp];
  __shared__ Acc last;
  const int64_t line = blockIdx.x, base = line / s.inner * s.n * s.inner + line % s.inner;
  const int64_t begin = blockIdx.y * piece, end = begin + piece < s.n ? begin + piece : s.n;
  Acc running = carry ? carry[blockIdx.y * s.count + line] : Op::start();
  for (int64_t k = begin; k < end; k += kBlock) {
    const int64_t own = k + threadIdx.x;
    const Acc a =
        Op::join(running, scanBlock<Op>(own < end ? Op::load(x[base + own * s.inner]) : Op::start(), warps));
    if (own < end) result[base + own * s.inner] = static_cast<R>(a);
    if (threadIdx.x == kBlock - 1) last = a;
    __syncthreads();
    running = last;
  }
}

/// A thread for each line, when lines are many and neighbours in memory.
template <class Op, class T, class R>
__global__ void __launch_bounds__(kBlock) scanColumnsKernel(const T* x, R* result, Lines s) {
  const int64_t line = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (line >= s.count) return;
  const int64_t base = line / s.inner * s.n * s.inner + line % s.inner;
  auto a = Op::start();
  for (int64_t k = 0; k < s.n; ++k) {
    a = Op::join(a, Op::load(x[base + k * s.inner]));
    result[base + k * s.inner] = static_cast<R>(a);
  }
}

/// Turns the pieces' totals [pieces x lines] into what comes before each piece.
template <class Op>
__global__ void __launch_bounds__(kBlock)
    carryKernel(typename Op::Acc* totals, int64_t lines, int64_t pieces) {
  const int64_t line = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (line >= lines) return;
  auto before = Op::start();
  for (int64_t p = 0; p < pieces; ++p) {
    const auto total = totals[p * lines + line];
    totals[p * lines + line] = before;
    before = Op::join(before, total);
  }
}

/// A running operation as a reduction, for the totals of pieces.
template <class Op, class T> struct Total {
  using Acc = typename Op::Acc;
  __device__ Acc start() const { return Op::start(); }
  __device__ Acc add(Acc a, T x, int64_t) const { return Op::join(a, Op::load(x)); }
  __device__ Acc join(Acc a, Acc b) const { return Op::join(a, b); }
  __device__ void store(int64_t, Acc) const {}  // only pieces are asked for
};

/// result = running Op along the lines of x, which may be the result.
template <class Op, class T, class R> void scan(const T* x, R* result, Lines s) {
  using Acc = typename Op::Acc;
  if (s.inner > 1 && s.count >= 4096) {
    scanColumnsKernel<Op><<<blocksFor(s.count), kBlock, 0, stream()>>>(x, result, s);
    return checkLaunch();
  }
  const auto lines = static_cast<unsigned>(s.count);
  constexpr int64_t kPiece = 4096, kMostPieces = 4096;
  if (s.n <= 2 * kPiece || s.count >= 1024) {
    scanKernel<Op><<<lines, kBlock, 0, stream()>>>(x, result, s, s.n, static_cast<const Acc*>(nullptr));
    return checkLaunch();
  }
  const int64_t piece = std::max(kPiece, (s.n + kMostPieces - 1) / kMostPieces),
                pieces = (s.n + piece - 1) / piece;
  const dim3 grid(lines, static_cast<unsigned>(pieces));
  const Storage memory({DType::Byte, Device::CUDA}, static_cast<int64_t>(sizeof(Acc)) * s.count * pieces);
  Acc* carry = memory.data<Acc>();
  reduceKernel<<<grid, dim3(kBlock, 1), 0, stream()>>>(Total<Op, T>{}, x, s, piece, true, carry);
  checkLaunch();
  carryKernel<Op><<<blocksFor(s.count), kBlock, 0, stream()>>>(carry, s.count, pieces);
  checkLaunch();
  scanKernel<Op><<<grid, kBlock, 0, stream()>>>(x, result, s, piece, static_cast<const Acc*>(carry));
  checkLaunch();
}

template <class A> struct RunningSum {
  using Acc = A;
  template <class T> static __device__ Acc load(T x) { return static_cast<Acc>(x); }
  static __device__ Acc start() { return 0; }
  static __device__ Acc join(Acc a, Acc b) { return a + b; }
};
template <class A> struct RunningProduct {
  using Acc = A;
  template <class T> static __device__ Acc load(T x) { return static_cast<Acc>(x); }
  static __device__ Acc start() { return 1; }
  static __device__ Acc join(Acc a, Acc b) { return a * b; }
};

}  // namespace cresset::cuda
