#include "nn/lookup/LookupTable.h"

#include "nn/lookup/kernels.h"
#include "tensor/Error.h"
#include "tensor/ops/random.h"

namespace cresset::nn {

Slot<LookupKernel> lookupSlot{"nn.LookupTable", loadNnKernels};
Slot<LookupGradientKernel> lookupGradientSlot{"nn.LookupTable", loadNnKernels};
Slot<LookupRenormKernel> lookupRenormSlot{"nn.LookupTable", loadNnKernels};

LookupTable::LookupTable(int64_t nIndex, int64_t nOutput, int64_t padding, std::optional<double> largestNorm,
                         std::optional<double> p)
    : weight(defaultType(), {nIndex, nOutput}),
      gradWeight(defaultType(), {nIndex, nOutput}),
      paddingValue(padding),
      maxNorm(largestNorm),
      normType(p) {
  if (nIndex < 1 || nOutput < 1)
    fail("nn.LookupTable",
         {"expected positive sizes, got nIndex ", text(nIndex), " and nOutput ", text(nOutput)});
  gradWeight.zero();
  reset();
}

void LookupTable::reset(std::optional<double> stdv) {
  needDims("weight", weight, 2);
  normal(weight, 0, stdv.value_or(1));
}

Tensor LookupTable::indices(const Tensor& input) const {
  needDims("weight", weight, 2);
  if (input.dim() != 1 && input.dim() != 2)
    fail("nn.LookupTable", arg(1, "input"), {"input must be a vector or matrix, got ", describe(input)});
  return input.to({DType::Long, weight.device()}).contiguous();
}

Tensor LookupTable::updateOutput(const Tensor& input) {
  const Tensor rows = indices(input);
  if (maxNorm) lookupRenormSlot.on(weight)(weight, rows, *maxNorm, normType.value_or(2));
  Shape sizes = input.sizes();
  sizes.push(weight.size(1));
  ofType(output, weight.type()).resize(sizes);
  if (!output.isContiguous()) output.set().resize(sizes);
  lookupSlot.on(weight)(output, weight, rows);
  return output;
}

Tensor LookupTable::updateGradInput(const Tensor& input, const Tensor&) {
  return ofType(gradInput, input.type()).resizeAs(input).zero();
}

void LookupTable::accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) {
  const Tensor rows = indices(input);
  if (!gradWeight) fail("nn.LookupTable", {"there is no gradWeight: call accUpdateGradParameters"});
  needDims("gradWeight", gradWeight, 2);
  needElements("gradWeight", gradWeight, weight.nElement(), weight);
  checkSameType("nn.LookupTable", arg(2, "gradOutput"), gradOutput, gradWeight);
  if (gradOutput.nElement() != rows.nElement() * gradWeight.size(1))
    fail("nn.LookupTable", arg(2, "gradOutput"),
         {"expected ", text(gradWeight.size(1)), " elements for each index of ", describe(input), ", got ",
          describe(gradOutput)});
  lookupGradientSlot.on(gradWeight)(gradWeight, gradOutput.contiguous(), rows, scale, paddingValue,
                                    shouldScaleGradByFreq.value_or(false));
}

void LookupTable::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("weight", weight)("gradWeight", gradWeight)("paddingValue", paddingValue, 0);
  visit("maxNorm", maxNorm)("normType", normType)("shouldScaleGradByFreq", shouldScaleGradByFreq);
}

}  // namespace cresset::nn
