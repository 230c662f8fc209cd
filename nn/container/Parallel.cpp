#include "nn/container/Parallel.h"

#include "nn/ModuleError.h"
#include "tensor/Error.h"

namespace cresset::nn {

const Tensor& Parallel::slices(const Activity& input) const {
  const Tensor& x = input.tensor("nn.Parallel", arg(1, "input"));
  checkDim("nn.Parallel", arg(1, "input"), x, inputDimension - 1);
  if (x.size(inputDimension - 1) > static_cast<int64_t>(modules.size()))
    fail("nn.Parallel", arg(1, "input"),
         {"one module for each slice along dimension ", text(inputDimension), " is needed: got ",
          text(static_cast<int64_t>(modules.size())), " modules for ", describe(x)});
  return x;
}

Activity Parallel::updateOutput(const Activity& input) {
  const Tensor& x = slices(input);
  const int64_t joined = outputDimension - 1;
  std::vector<Tensor> outputs;
  Shape sizes;
  for (int64_t i = 0; i < x.size(inputDimension - 1); ++i) {
    const auto child = static_cast<size_t>(i);
    const Activity y =
        inChild(*this, child, [&] { return modules[child]->updateOutput(x.select(inputDimension - 1, i)); });
    outputs.push_back(y.tensor("nn.Parallel", arg(1, "output of a module")));
    checkDim("nn.Parallel", arg(2, "outputDimension"), outputs.back(), joined);
    if (i == 0) {
      sizes = outputs[0].sizes();
    } else {
      sizes[joined] += outputs.back().size(joined);
    }
  }
  totalOutputSize = sizes;
  const Tensor& y = outputTensor(outputs[0].type());
  y.resize(sizes);
  int64_t offset = 0;
  for (const Tensor& part : outputs) {
    y.narrow(joined, offset, part.size(joined)).copy(part);
    offset += part.size(joined);
  }
  return output;
}

template <class Body>
void Parallel::eachSlice(const Activity& input, const Activity& gradOutput, const Body& body) {
  const Tensor& x = slices(input);
  const Tensor& gy = gradOutput.tensor("nn.Parallel", arg(2, "gradOutput"));
  const int64_t joined = outputDimension - 1;
  int64_t offset = 0;
  for (int64_t i = 0; i < x.size(inputDimension - 1); ++i) {
    const auto child = static_cast<size_t>(i);
    const Activity y = modules[child]->currentOutput();
    const Tensor& part = y.tensor("nn.Parallel", arg(1, "output of a module"));
    checkDim("nn.Parallel", arg(2, "outputDimension"), part, joined);
    const int64_t length = part.size(joined);
    inChild(*this, child,
            [&] { body(i, x.select(inputDimension - 1, i), gy.narrow(joined, offset, length)); });
    offset += length;
  }
}

Activity Parallel::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const Tensor& x = slices(input);
  const Tensor gx = gradInputTensor(x.type());
  gx.resizeAs(x);
  eachSlice(input, gradOutput, [&](int64_t i, const Tensor& slice, const Tensor& gradient) {
    const Activity part = modules[static_cast<size_t>(i)]->updateGradInput(slice, gradient);
    if (!part.isNil())
      gx.select(inputDimension - 1, i).copy(part.tensor("nn.Parallel", arg(1, "gradInput of a module")));
  });
  return gradInput;
}

void Parallel::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  eachSlice(input, gradOutput, [&](int64_t i, const Tensor& slice, const Tensor& gradient) {
    modules[static_cast<size_t>(i)]->accGradParameters(slice, gradient, scale);
  });
}

void Parallel::fields(FieldVisitor& visit) {
  Container::fields(visit);
  visit("inputDimension", inputDimension)("outputDimension", outputDimension)("totalOutputSize",
                                                                              totalOutputSize);
}

}  // namespace cresset::nn
