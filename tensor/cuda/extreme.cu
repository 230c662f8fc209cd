// CUDA kernels of max and min, with the position of the first extreme value or the first NaN.
#include "tensor/cuda/fill.h"
#include "tensor/cuda/reduce.h"
#include "tensor/dispatch.h"

namespace cresset::cuda {
namespace {

/// A value and its position from 0; -1 for none yet.
template <class T> struct Candidate {
  T value;
  int64_t at;
};

/// Whether a takes the place of b. A NaN is better than any number.
struct Larger {
  template <class T> __device__ bool operator()(T a, T b) const { return a > b || (a != a && b == b); }
};
struct Smaller {
  template <class T> __device__ bool operator()(T a, T b) const { return a < b || (a != a && b == b); }
};

template <class Better, class T> struct Extreme {
  using Acc = Candidate<T>;
  T* values;
  int64_t* indices;
  __device__ Acc start() const { return {T(0), -1}; }
  __device__ Acc add(Acc a, T x, int64_t k) const { return join(a, {x, k}); }
  __device__ Acc join(Acc a, Acc b) const {
    if (a.at < 0) return b;
    if (b.at < 0) return a;
    if (Better{}(a.value, b.value)) return a;
    if (Better{}(b.value, a.value)) return b;
    return a.at < b.at ? a : b;
  }
  __device__ void store(int64_t line, Acc a) const {
    values[line] = a.value;
    indices[line] = a.at + 1;
  }
};

template <class Better>
void alongDim(const Tensor& values, const Tensor& indices, const Tensor& x, int64_t dim) {
  checkPlacement("max", {&values, &indices, &x});
  visit<Real>("max", x.type(), [&]<class T>() {
    reduce(Extreme<Better, T>{values.data<T>(), indices.data<int64_t>()}, x.data<T>(), linesOf(x, dim));
  });
}

/// The same kernel with one line; the position is not needed.
template <class Better> double overAll(const Tensor& x, double) {
  const Tensor value(x.type(), {1}), index({DType::Long, Device::CUDA}, {1});
  alongDim<Better>(value, index, x.view({x.nElement()}), 0);
  return value.item();
}

}  // namespace

void fillExtreme() {
  maxAllSlot.cuda = overAll<Larger>;
  minAllSlot.cuda = overAll<Smaller>;
  maxSlot.cuda = alongDim<Larger>;
  minSlot.cuda = alongDim<Smaller>;
}

}  // namespace cresset::cuda
