#include "optim/kernels.h"

#include "tensor/cpu/modules.h"

namespace cresset::optim {
namespace {

void loadOptimKernels() { loadCpuModule("optim"); }

}  // namespace

#define CRESSET_SLOT(Update, op) Slot<StepKernel<update::Update>> slotOf##Update{op, loadOptimKernels};
CRESSET_OPTIM_UPDATES(CRESSET_SLOT)
#undef CRESSET_SLOT

}  // namespace cresset::optim
