#include "nn/shape/Transpose.h"

#include "tensor/Error.h"

namespace cresset::nn {

Transpose::Transpose(Activity pairs) : permutations(std::move(pairs)) {
  int position = 0;
  for (const Activity& pair : permutations.table("nn.Transpose", arg(1, "permutations"))) {
    ++position;
    const std::vector<Activity>& dims = pair.table("nn.Transpose", arg(position, "pair of dimensions"));
    if (dims.size() != 2 || !dims[0].isNumber() || !dims[1].isNumber())
      fail("nn.Transpose", arg(position, "pair of dimensions"),
           {"expected two numbers, got ", describe(pair)});
  }
}

std::vector<std::pair<int64_t, int64_t>> Transpose::pairs(const Tensor& input) const {
  const int64_t offset = numInputDims ? input.dim() - *numInputDims : 0;
  std::vector<std::pair<int64_t, int64_t>> result;
  for (const Activity& pair : permutations.table("nn.Transpose", arg(1, "permutations"))) {
    const std::vector<Activity>& dims = pair.table("nn.Transpose", arg(1, "permutations"));
    if (dims.size() != 2) fail("nn.Transpose", {"a pair of dimensions is ", describe(pair)});
    result.emplace_back(static_cast<int64_t>(dims[0].number()) + offset - 1,
                        static_cast<int64_t>(dims[1].number()) + offset - 1);
  }
  return result;
}

Tensor Transpose::updateOutput(const Tensor& input) {
  Tensor view = input;
  for (const auto& [a, b] : pairs(input)) view = view.transpose(a, b);
  return ofType(output, input.type()).resizeAs(view).copy(view);
}

Tensor Transpose::updateGradInput(const Tensor& input, const Tensor& gradOutput) {
  Tensor view = gradOutput;
  const auto swaps = pairs(input);
  for (auto swap = swaps.rbegin(); swap != swaps.rend(); ++swap)
    view = view.transpose(swap->first, swap->second);
  return ofType(gradInput, gradOutput.type()).resizeAs(view).copy(view);
}

void Transpose::fields(FieldVisitor& visit) {
  TensorModule::fields(visit);
  visit("permutations", permutations)("numInputDims", numInputDims);
}

}  // namespace cresset::nn
