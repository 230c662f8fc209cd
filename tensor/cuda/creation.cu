// CUDA kernels of range, linspace, logspace and of triangles.
#include "tensor/cpu/width.h"
#include "tensor/cuda/fill.h"
#include "tensor/cuda/runtime.h"
#include "tensor/dispatch.h"
#include "tensor/ops/creation.h"
#include "tensor/ops/matrix.h"

namespace cresset::cuda {
namespace {

template <class T>
__global__ void __launch_bounds__(kBlock)
    linesKernel(T* r, int64_t n, double start, double step, double divisor) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride)
    // No fused multiply-add: the CPU rounds twice, and both give the same points.
    r[i] = static_cast<T>(__dadd_rn(start, __ddiv_rn(__dmul_rn(static_cast<double>(i), step), divisor)));
}

/// In integers, for those beyond 2^53 exist too.
template <class T>
__global__ void __launch_bounds__(kBlock) countKernel(T* r, int64_t n, uint64_t first, uint64_t by) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride)
    r[i] = static_cast<T>(first + static_cast<uint64_t>(i) * by);
}

void sequenceKernel(const Tensor& result, double start, double step, double divisor) {
  checkPlacement("range", {&result});
  visit<Real>("range", result.type(), [&]<class T>() {
    const int64_t n = result.nElement();
    if constexpr (std::is_integral_v<T>) {
      countKernel<<<blocksFor(n), kBlock, 0, stream()>>>(result.data<T>(), n,
                                                         static_cast<uint64_t>(fromDouble<int64_t>(start)),
                                                         static_cast<uint64_t>(fromDouble<int64_t>(step)));
    } else {
      linesKernel<<<blocksFor(n), kBlock, 0, stream()>>>(result.data<T>(), n, start, step, divisor);
    }
    checkLaunch();
  });
}

struct Matrix {
  int64_t rows, columns;
  int64_t resultStride[2], stride[2];
};

template <class W>
__global__ void __launch_bounds__(kBlock) triangleKernel(W* r, const W* x, Matrix s, int64_t k, Keep keep) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < s.rows * s.columns;
       i += step) {
    const int64_t row = i / s.columns, column = i % s.columns;
    const bool kept = keep == Keep::Lower ? column <= row + k : column >= row + k;
    r[row * s.resultStride[0] + column * s.resultStride[1]] =
        kept ? x[row * s.stride[0] + column * s.stride[1]] : W(0);
  }
}

void triangle(const Tensor& result, const Tensor& x, int64_t k, Keep keep) {
  checkPlacement("tril", {&result, &x});
  const Matrix s{x.size(0), x.size(1), {result.stride(0), result.stride(1)}, {x.stride(0), x.stride(1)}};
  visitWidth(x, [&]<class W>() {
    triangleKernel<<<blocksFor(x.nElement()), kBlock, 0, stream()>>>(
        static_cast<W*>(result.data()), static_cast<const W*>(x.data()), s, k, keep);
    checkLaunch();
  });
}

}  // namespace

void fillCreation() {
  sequenceSlot.cuda = sequenceKernel;
  triangleSlot.cuda = triangle;
}

}  // namespace cresset::cuda
