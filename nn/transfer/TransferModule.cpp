#include "nn/transfer/TransferModule.h"

#include "tensor/Error.h"
#include "tensor/ops/align.h"

namespace cresset::nn {

#define GRADIENT(name, source) Slot<TransferGradientKernel> name##GradientSlot{"nn." #name, loadNnKernels};
#define TRANSFER(name, source)                                 \
  Slot<TransferKernel> name##Slot{"nn." #name, loadNnKernels}; \
  Slot<TransferGradientKernel> name##GradientSlot{"nn." #name, loadNnKernels};
#include "nn/transfer/transfer.def"
#undef GRADIENT
#undef TRANSFER

Tensor TransferModule::updateOutput(const Tensor& input) {
  if (isInplace()) {
    checkInput(input, output);
    if (!input.empty()) forward(input, input);
    output.set(input);
  } else {
    const Tensor& y = outputLike(input);
    if (!input.empty()) forward(y, input);
  }
  return output;
}

Tensor TransferModule::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  const Tensor& gx = gradInputLike(input, gradOutput);
  if (input.empty()) return gx;
  if (source() == Source::Output && (!output || output.nElement() != input.nElement()))
    fail(typeName(),
         {"updateGradInput needs the output of updateOutput for the same input ", describe(input)});
  const Tensor from = source() == Source::Input ? input : alignTo("nn", arg(0, "output"), output, input);
  const Tensor gy = alignTo("nn", arg(2, "gradOutput"), gradOutput, input);
  if (isInplace()) {
    gradient(gy, gy, from);
    gradInput.set(gradOutput);
  } else {
    gradient(gx, gy, from);
  }
  return gradInput;
}

}  // namespace cresset::nn
