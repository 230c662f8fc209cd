#include "nn/table/Join.h"

#include "tensor/Error.h"

namespace cresset::nn {

JoinTable::JoinTable(int64_t joined, std::optional<int64_t> sampleDims)
    : dimension(joined), nInputDims(sampleDims) {
  gradInput = Activity::list({});
}

const std::vector<Activity>& JoinTable::entries(const Activity& input) const {
  const std::vector<Activity>& list = input.table("nn.JoinTable", arg(1, "input"));
  if (list.empty()) fail("nn.JoinTable", arg(1, "input"), {"the table is empty"});
  return list;
}

Activity JoinTable::updateOutput(const Activity& input) {
  const std::vector<Activity>& list = entries(input);
  const Tensor& first = list[0].tensor("nn.JoinTable", arg(1, "input[1]"));
  const int64_t d = dimensionOf("nn.JoinTable", first, dimension, nInputDims);
  Shape sizes = first.sizes();
  for (size_t i = 1; i < list.size(); ++i) {
    const Tensor& x = list[i].tensor("nn.JoinTable", arg(1, "an entry of input"));
    bool fits = x.dim() == first.dim();
    for (int64_t k = 0; fits && k < x.dim(); ++k) fits = k == d || x.size(k) == first.size(k);
    if (!fits)
      fail("nn.JoinTable", arg(1, "input"),
           {"inconsistent tensor size: entry ", text(static_cast<int64_t>(i) + 1), " is ", describe(x),
            " and cannot be joined along dimension ", text(d + 1), " with ", describe(first)});
    sizes[d] += x.size(d);
  }
  size = sizes;
  const Tensor y = outputTensor(first.type());
  y.resize(sizes);
  int64_t offset = 0;
  for (const Activity& entry : list) {
    y.narrow(d, offset, entry.tensor().size(d)).copy(entry.tensor());
    offset += entry.tensor().size(d);
  }
  return output;
}

Activity JoinTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const std::vector<Activity>& list = entries(input);
  const Tensor& gy = gradOutput.tensor("nn.JoinTable", arg(2, "gradOutput"));
  const int64_t d =
      dimensionOf("nn.JoinTable", list[0].tensor("nn.JoinTable", arg(1, "input[1]")), dimension, nInputDims);
  std::vector<Activity>& gradients = gradInputTable(list.size());
  int64_t offset = 0;
  for (size_t i = 0; i < list.size(); ++i) {
    const Tensor& x = list[i].tensor("nn.JoinTable", arg(1, "an entry of input"));
    if (!gradients[i].isTensor() || gradients[i].tensor().type() != x.type()) gradients[i] = Tensor(x.type());
    checkDim("nn.JoinTable", arg(1, "an entry of input"), x, d);
    checkDim("nn.JoinTable", arg(2, "gradOutput"), gy, d);
    gradients[i].tensor().resizeAs(x).copy(gy.narrow(d, offset, x.size(d)));
    offset += x.size(d);
  }
  return gradInput;
}

void JoinTable::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("dimension", dimension, 1)("nInputDims", nInputDims);
  if (!visit.isCall()) visit("size", size);
}

SplitTable::SplitTable(int64_t split, std::optional<int64_t> sampleDims)
    : dimension(split), nInputDims(sampleDims) {
  output = Activity::list({});
}

Activity SplitTable::updateOutput(const Activity& input) {
  const Tensor& x = input.tensor("nn.SplitTable", arg(1, "input"));
  const int64_t d = dimensionOf("nn.SplitTable", x, dimension, nInputDims);
  std::vector<Activity> slices;
  for (int64_t i = 0; i < x.size(d); ++i) slices.emplace_back(x.select(d, i));
  output.makeTable() = std::move(slices);
  return output;
}

Activity SplitTable::updateGradInput(const Activity& input, const Activity& gradOutput) {
  if (gradInput.isNil()) return {};
  const Tensor& x = input.tensor("nn.SplitTable", arg(1, "input"));
  const int64_t d = dimensionOf("nn.SplitTable", x, dimension, nInputDims);
  const std::vector<Activity>& parts = gradOutput.table("nn.SplitTable", arg(2, "gradOutput"));
  if (static_cast<int64_t>(parts.size()) < x.size(d))
    fail("nn.SplitTable", arg(2, "gradOutput"),
         {"expected ", text(x.size(d)), " entries, got ", describe(gradOutput)});
  const Tensor gx = gradInputTensor(x.type());
  gx.resizeAs(x);
  for (int64_t i = 0; i < x.size(d); ++i)
    gx.select(d, i).copy(
        parts[static_cast<size_t>(i)].tensor("nn.SplitTable", arg(2, "an entry of gradOutput")));
  return gradInput;
}

void SplitTable::fields(FieldVisitor& visit) {
  TableModule::fields(visit);
  visit("dimension", dimension, 1)("nInputDims", nInputDims);
}

}  // namespace cresset::nn
