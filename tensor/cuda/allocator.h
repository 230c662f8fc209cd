// Device memory, from CUDA's own stream-ordered pools.
#pragma once

#include "tensor/cuda/plugin.h"

namespace cresset::cuda {

/// Makes the pools the allocator of CUDA storages.
void installAllocator();

/// What this thread calls once when memory is short. Null for none.
void setCollector(void (*collect)(void* context), void* context);

/// Free memory of a device with what its pool could give back, and all of it.
Memory memoryOf(int device);

}  // namespace cresset::cuda
