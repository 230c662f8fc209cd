#include "nn/container/Concat.h"

#include "nn/ModuleError.h"
#include "nn/container/GradientSum.h"
#include "tensor/Error.h"

namespace cresset::nn {

Shape Concat::joinedSizes(const std::vector<Tensor>& outputs) const {
  Shape sizes = outputs[0].sizes();
  for (size_t i = 1; i < outputs.size(); ++i) {
    bool fits = outputs[i].dim() == outputs[0].dim();
    for (int64_t d = 0; fits && d < sizes.size(); ++d)
      fits = d == dimension - 1 || outputs[i].size(d) == sizes[d];
    if (!fits)
      fail(typeName(), {"inconsistent tensor size: output ", text(static_cast<int64_t>(i) + 1), " is ",
                        describe(outputs[i]), " and cannot be joined along dimension ", text(dimension),
                        " with ", describe(outputs[0])});
    sizes[dimension - 1] += outputs[i].size(dimension - 1);
  }
  return sizes;
}

Tensor Concat::window(const Tensor& joined, const Tensor& part, int64_t offset) const {
  return joined.narrow(dimension - 1, offset, part.size(dimension - 1));
}

Activity Concat::updateOutput(const Activity& input) {
  std::vector<Tensor> outputs;
  for (size_t i = 0; i < modules.size(); ++i) {
    const Activity y = inChild(*this, i, [&] { return modules[i]->updateOutput(input); });
    outputs.push_back(y.tensor(typeName().c_str(), arg(static_cast<int>(i) + 1, "output of the module")));
    checkDim(typeName().c_str(), arg(1, "dimension"), outputs.back(), dimension - 1);
  }
  if (outputs.empty()) fail(typeName(), {"no modules to concatenate"});
  const Shape sizes = joinedSizes(outputs);
  outputSize = sizes;
  const Tensor& y = outputTensor(outputs[0].type());
  y.resize(sizes);
  if (leavesGaps()) y.zero();
  int64_t offset = 0;
  for (const Tensor& part : outputs) {
    window(y, part, offset).copy(part);
    offset += part.size(dimension - 1);
  }
  return output;
}

template <class Body> void Concat::eachPart(const Activity& gradOutput, const Body& body) {
  const std::string name = typeName();
  const Tensor& gy = gradOutput.tensor(name.c_str(), arg(2, "gradOutput"));
  int64_t offset = 0;
  for (size_t i = 0; i < modules.size(); ++i) {
    const Activity part = modules[i]->currentOutput();
    const Arg place = arg(static_cast<int>(i) + 1, "output of the module");
    const Tensor& y = part.tensor(name.c_str(), place);
    checkDim(name.c_str(), place, y, dimension - 1);
    checkDim(name.c_str(), arg(2, "gradOutput"), gy, dimension - 1);
    if (y.dim() != gy.dim())
      fail(name, arg(2, "gradOutput"),
           {"expected as many dimensions as output ", text(static_cast<int64_t>(i) + 1), ", ", describe(y),
            ", has; got ", describe(gy)});
    const Tensor gradient = window(gy, y, offset);
    inChild(*this, i, [&] { body(i, gradient); });
    offset += y.size(dimension - 1);
  }
}

Activity Concat::updateGradInput(const Activity& input, const Activity& gradOutput) {
  GradientSum sum(*this, gradInput, input);
  eachPart(gradOutput,
           [&](size_t i, const Tensor& gradient) { sum.add(modules[i]->updateGradInput(input, gradient)); });
  return sum.result();
}

void Concat::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  eachPart(gradOutput,
           [&](size_t i, const Tensor& gradient) { modules[i]->accGradParameters(input, gradient, scale); });
}

Activity Concat::backward(const Activity& input, const Activity& gradOutput, double scale) {
  GradientSum sum(*this, gradInput, input);
  eachPart(gradOutput,
           [&](size_t i, const Tensor& gradient) { sum.add(modules[i]->backward(input, gradient, scale)); });
  return sum.result();
}

void Concat::fields(FieldVisitor& visit) {
  Container::fields(visit);
  visit("dimension", dimension)("outputSize", outputSize);
}

}  // namespace cresset::nn
