// CPU kernel of range, linspace and logspace.
#include "tensor/ops/creation.h"

#include "tensor/cpu/fill.h"
#include "tensor/cpu/loop.h"

namespace cresset {
namespace {

void sequenceKernel(const Tensor& result, double start, double step, double divisor) {
  visit<Real>("range", result.type(), [&]<class T>() {
    T* r = result.data<T>();
    parallelFor(result.nElement(), kGrain, [=](int64_t begin, int64_t end) {
      if constexpr (std::is_integral_v<T>) {  // range only: in integers, for those beyond 2^53 exist too
        const auto first = static_cast<uint64_t>(fromDouble<int64_t>(start));
        const auto by = static_cast<uint64_t>(fromDouble<int64_t>(step));
        for (int64_t i = begin; i < end; ++i) r[i] = static_cast<T>(first + static_cast<uint64_t>(i) * by);
      } else {
        for (int64_t i = begin; i < end; ++i)
          r[i] = static_cast<T>(start + static_cast<double>(i) * step / divisor);
      }
    });
  });
}

}  // namespace

void fillCreation() { sequenceSlot.cpu = sequenceKernel; }

}  // namespace cresset
