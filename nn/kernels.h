// How nn's kernel slots are filled: each family declares its slots in a `kernels.h`, cpu/ and the CUDA plugin
// fill them.
#pragma once

#include "tensor/dispatch.h"

namespace cresset::nn {

/// Fills the CPU side of nn's slots with the kernels compiled for this processor. Called by the first kernel.
void loadNnKernels();

}  // namespace cresset::nn
