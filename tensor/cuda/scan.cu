// CUDA kernels of cumsum and cumprod.
#include <type_traits>

#include "tensor/cuda/fill.h"
#include "tensor/cuda/scan.h"
#include "tensor/dispatch.h"

namespace cresset::cuda {
namespace {

template <template <class> class Op>
void cumulate(const Tensor& result, const Tensor& x, int64_t dim, double) {
  checkPlacement("cumsum", {&result, &x});
  visit<Real>("cumsum", x.type(), [&]<class T>() {
    using Acc = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;  // unsigned: wraps
    scan<Op<Acc>>(static_cast<const T*>(x.data<T>()), result.data<T>(), linesOf(x, dim));
  });
}

}  // namespace

void fillScan() {
  cumsumSlot.cuda = cumulate<RunningSum>;
  cumprodSlot.cuda = cumulate<RunningProduct>;
}

}  // namespace cresset::cuda
