#include "tensor/ops/copy.h"

#include "tensor/ops/align.h"

namespace cresset {

Slot<FillKernel> fillSlot{"fill"};
Slot<CopyKernel> copySlot{"copy"};
Slot<CopyBytesKernel> copyBytesSlot{"copy"};

void fill(const Tensor& x, double value) {
  if (!x.empty()) fillSlot.on(x)(x, value);
}

void copy(const Tensor& to, const Tensor& from) {
  if (to.is(from) || (to.empty() && from.empty())) return;
  const Tensor source = alignTo("copy", arg(2, "source"), from, to);
  const Device device = to.device() == Device::CUDA ? Device::CUDA : from.device();
  copySlot.on({to.dtype(), device})(to, source);
}

void copyBytes(Device device, void* to, const void* from, int64_t bytes) {
  copyBytesSlot.on({DType::Byte, device})(to, from, bytes);
}

}  // namespace cresset
