#include "nn/kernels.h"

#include "tensor/cpu/modules.h"

namespace cresset::nn {

void loadNnKernels() { loadCpuModule("nn"); }

}  // namespace cresset::nn
