// CUDA kernels of index, gather, scatter and their relatives. Positions were checked before.
#include "tensor/cpu/width.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/ops/index.h"

namespace cresset::cuda {
namespace {

__device__ int64_t position(const char* p) { return *reinterpret_cast<const int64_t*>(p) - 1; }

/// Operands: result, starts, indices. `step` in bytes, as below.
template <class W> struct Gather {
  int64_t step;
  __device__ void operator()(char* const* p) const {
    *reinterpret_cast<W*>(p[0]) = *reinterpret_cast<const W*>(p[1] + position(p[2]) * step);
  }
};

/// Operands: starts, indices, source. Where several values meet in one place, one of them stays, and nobody
/// knows which: an order would take one thread for each line.
template <class W> struct Scatter {
  int64_t step;
  __device__ void operator()(char* const* p) const {
    *reinterpret_cast<W*>(p[0] + position(p[1]) * step) = *reinterpret_cast<const W*>(p[2]);
  }
};

template <class T> struct ScatterAdd {
  int64_t step;
  __device__ void operator()(char* const* p) const {
    using Atomic =
        std::conditional_t<std::is_same_v<T, int64_t>, unsigned long long, T>;  // no signed 64-bit one
    atomicAdd(reinterpret_cast<Atomic*>(p[0] + position(p[1]) * step),
              static_cast<Atomic>(*reinterpret_cast<const T*>(p[2])));
  }
};

void gatherKernel(const Tensor& result, const Tensor& starts, const Tensor& indices, int64_t step) {
  step *= elementSize(result.dtype());
  visitWidth(result, [&]<class W>() { each("gather", Gather<W>{step}, result, starts, indices); });
}

void scatterKernel(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step, int64_t) {
  step *= elementSize(starts.dtype());
  visitWidth(starts, [&]<class W>() { each("scatter", Scatter<W>{step}, starts, indices, source); });
}

/// Not yet: the 8- and 16-bit types, for which the hardware has no atomic addition.
void scatterAddKernel(const Tensor& starts, const Tensor& indices, const Tensor& source, int64_t step,
                      int64_t) {
  constexpr TypeSet kAtomic = Floating | bit(DType::Int) | bit(DType::Long);
  step *= elementSize(starts.dtype());
  visit<kAtomic>("indexAdd", starts.type(),
                 [&]<class T>() { each("indexAdd", ScatterAdd<T>{step}, starts, indices, source); });
}

}  // namespace

void fillIndex() {
  gatherSlot.cuda = gatherKernel;
  scatterSlot.cuda = scatterKernel;
  scatterAddSlot.cuda = scatterAddKernel;
}

}  // namespace cresset::cuda
