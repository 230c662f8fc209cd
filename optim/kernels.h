// The kernel slots of optim, one for each update; cpu/ and the CUDA plugin fill them.
#pragma once

#include <span>

#include "optim/updates.h"
#include "tensor/dispatch.h"

namespace cresset::optim {

/// Applies the update to all elements of the operands: x, g, the state, and maybe `rate`. They are
/// contiguous, of one floating type and one number of elements, and equal or apart in memory.
template <class Update> using StepKernel = void(const Update& update, std::span<const Tensor> operands);

// clang-format off
#define CRESSET_OPTIM_UPDATES(ROW)  \
  ROW(Sgd,      "optim.sgd")        \
  ROW(Momentum, "optim.sgd")        \
  ROW(Nesterov, "optim.sgd")        \
  ROW(Nag,      "optim.nag")        \
  ROW(Adam,     "optim.adam")       \
  ROW(Adamax,   "optim.adamax")     \
  ROW(Rmsprop,  "optim.rmsprop")    \
  ROW(Adagrad,  "optim.adagrad")    \
  ROW(Adadelta, "optim.adadelta")   \
  ROW(Asgd,     "optim.asgd")       \
  ROW(Rprop,    "optim.rprop")
// clang-format on

#define CRESSET_SLOT(Update, op) extern Slot<StepKernel<update::Update>> slotOf##Update;
CRESSET_OPTIM_UPDATES(CRESSET_SLOT)
#undef CRESSET_SLOT

}  // namespace cresset::optim
