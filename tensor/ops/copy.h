// Moving elements: fill, copy between types and devices, raw bytes.
#pragma once

#include "tensor/Tensor.h"
#include "tensor/dispatch.h"

namespace cresset {

/// Sets every element; `value` is converted to the element type as Torch7 converts numbers.
void fill(const Tensor& x, double value);

/// Copies in logical (row-major) order. Types and devices may differ; sizes may differ when the counts agree,
/// and `from` broadcasts by NumPy's rule when they do not. Overlapping tensors are copied through a temporary
/// only when they are the same object. Throws Error (`inconsistent tensor size`) when the counts cannot
/// agree.
void copy(const Tensor& to, const Tensor& from);

/// Contiguous bytes within one device.
void copyBytes(Device device, void* to, const void* from, int64_t bytes);

// Kernels. copy's operands have equal sizes; on CUDA one of them may be on the CPU.
using FillKernel = void(const Tensor& x, double value);
using CopyKernel = void(const Tensor& to, const Tensor& from);
using CopyBytesKernel = void(void* to, const void* from, int64_t bytes);
extern Slot<FillKernel> fillSlot;
extern Slot<CopyKernel> copySlot;
extern Slot<CopyBytesKernel> copyBytesSlot;

}  // namespace cresset
