#include "tensor/ops/result.h"

namespace cresset {

bool sharesStorage(const Tensor& x, const Tensor& y) {
  return x.hasStorage() && x.impl()->storage == y.impl()->storage;
}

Tensor targetFor(const Tensor& result, Sizes sizes, std::initializer_list<const Tensor*> sources) {
  for (const Tensor* source : sources)
    if (sharesStorage(result, *source)) return Tensor(result.type(), sizes);
  result.resize(sizes);
  return result.isContiguous() ? result : Tensor(result.type(), sizes);
}

Tensor widened(const Tensor& x) { return contains(Halves, x.dtype()) ? x.to({DType::Float, x.device()}) : x; }

void finish(const Tensor& result, const Tensor& target) {
  if (!target.is(result)) result.resizeAs(target).copy(target);
}

}  // namespace cresset
