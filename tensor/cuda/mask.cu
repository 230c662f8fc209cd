// CUDA kernels of the masked operations. A running sum of the mask tells each element its place.
#include <cstring>

#include "tensor/cpu/width.h"
#include "tensor/cuda/each.h"
#include "tensor/cuda/fill.h"
#include "tensor/cuda/scan.h"
#include "tensor/ops/mask.h"

namespace cresset::cuda {
namespace {

/// Operands: x, mask.
template <class W> struct FillWhere {
  W value;
  __device__ void operator()(char* const* p) const {
    if (*p[1]) *reinterpret_cast<W*>(p[0]) = value;
  }
};

void maskedFillKernel(const Tensor& x, const Tensor& mask, double value) {
  uint64_t bytes = 0;
  visit<AllTypes>("maskedFill", x.type(), [&]<class T>() {
    const T converted = fromDouble<T>(value);
    std::memcpy(&bytes, &converted, sizeof converted);
  });
  visitWidth(x, [&]<class W>() {
    W bits;
    std::memcpy(&bits, &bytes, sizeof bits);
    each("maskedFill", FillWhere<W>{bits}, x, mask);
  });
}

/// For each element of a contiguous mask, how many ones there are up to it.
Tensor places(const Tensor& mask) {
  const Tensor result({DType::Long, Device::CUDA}, mask.sizes());
  scan<RunningSum<uint64_t>>(static_cast<const uint8_t*>(mask.data<uint8_t>()), result.data<int64_t>(),
                             oneLine(mask));
  return result;
}

/// Operands: x, mask, places. `packed` holds the elements of the ones.
template <class W> struct Unpack {
  const W* packed;
  __device__ void operator()(char* const* p) const {
    if (*p[1]) *reinterpret_cast<W*>(p[0]) = packed[*reinterpret_cast<const int64_t*>(p[2]) - 1];
  }
};
template <class W> struct Pack {
  W* packed;
  __device__ void operator()(char* const* p) const {
    if (*p[1]) packed[*reinterpret_cast<const int64_t*>(p[2]) - 1] = *reinterpret_cast<const W*>(p[0]);
  }
};

void maskedCopyKernel(const Tensor& x, const Tensor& mask, const Tensor& source) {
  checkPlacement("maskedCopy", {&source});
  visitWidth(x, [&]<class W>() {
    each("maskedCopy", Unpack<W>{static_cast<const W*>(source.data())}, x, mask, places(mask));
  });
}

void maskedSelectKernel(const Tensor& x, const Tensor& mask, const Tensor& result) {
  checkPlacement("maskedSelect", {&result});
  visitWidth(x, [&]<class W>() {
    each("maskedSelect", Pack<W>{static_cast<W*>(result.data())}, x, mask, places(mask));
  });
}

/// The sizes of the mask, of which element i's coordinates follow.
struct Geometry {
  int dims;
  int64_t size[kMaxDims];
};

__global__ void __launch_bounds__(kBlock)
    positionsKernel(int64_t* result, const uint8_t* mask, const int64_t* place, int64_t n, Geometry g) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += step) {
    if (!mask[i]) continue;
    int64_t* row = result + (place[i] - 1) * g.dims;
    int64_t rest = i;
    for (int d = g.dims - 1; d >= 0; --d) {
      row[d] = rest % g.size[d] + 1;
      rest /= g.size[d];
    }
  }
}

void nonzeroKernel(const Tensor& result, const Tensor& mask) {
  checkPlacement("nonzero", {&result, &mask});
  Geometry g;
  g.dims = static_cast<int>(mask.dim());
  for (int d = 0; d < g.dims; ++d) g.size[d] = mask.size(d);
  const Tensor place = places(mask);
  positionsKernel<<<blocksFor(mask.nElement()), kBlock, 0, stream()>>>(
      result.data<int64_t>(), mask.data<uint8_t>(), place.data<int64_t>(), mask.nElement(), g);
  checkLaunch();
}

}  // namespace

void fillMask() {
  maskedFillSlot.cuda = maskedFillKernel;
  maskedCopySlot.cuda = maskedCopyKernel;
  maskedSelectSlot.cuda = maskedSelectKernel;
  nonzeroSlot.cuda = nonzeroKernel;
}

}  // namespace cresset::cuda
