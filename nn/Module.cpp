#include "nn/Module.h"

#include <cmath>
#include <string_view>

#include "nn/convert.h"
#include "tensor/ops/random.h"

namespace cresset::nn {
namespace {

thread_local Type currentDefaultType = kDouble;

/// Finds weight, bias and their gradients among the fields.
class ParameterFinder final : public PartialFieldVisitor {
 public:
  using PartialFieldVisitor::field;
  void field(const char* name, Tensor& value) override {
    const std::string_view key = name;
    if (key == "weight") weight = value;
    if (key == "bias") bias = value;
    if (key == "gradWeight") gradWeight = value;
    if (key == "gradBias") gradBias = value;
  }
  Tensor weight, bias, gradWeight, gradBias;
};

}  // namespace

Type defaultType() { return currentDefaultType; }
void setDefaultType(Type type) { currentDefaultType = type; }

Module::Module() : type_(tensorTypeName(defaultType())) {}
Module::~Module() = default;

void Module::accGradParameters(const Activity&, const Activity&, double) {}

Activity Module::backward(const Activity& input, const Activity& gradOutput, double scale) {
  updateGradInput(input, gradOutput);
  accGradParameters(input, gradOutput, scale);
  return currentGradInput();
}

void Module::fields(FieldVisitor& visit) {
  if (!visit.isCall()) visit("_type", type_);
  visit("train", train);
}

void Module::reset(std::optional<double>) {}
void Module::keepGradInput(const Activity&) {}

Parameters Module::parameters() {
  ParameterFinder found;
  fields(found);
  Parameters p;
  if (found.weight) p.weights.push_back(found.weight);
  if (found.weight) p.gradients.push_back(found.gradWeight);
  if (found.bias) p.weights.push_back(found.bias);
  if (found.bias) p.gradients.push_back(found.gradBias);
  return p;
}

void Module::training() {
  apply([](Module& module) { module.train = true; });
}

void Module::evaluate() {
  apply([](Module& module) { module.train = false; });
}

void Module::zeroGradParameters() {
  for (const Tensor& gradient : parameters().gradients)
    if (gradient) gradient.zero();
}

void Module::updateParameters(double learningRate) {
  const Parameters p = parameters();
  for (size_t i = 0; i < p.weights.size(); ++i)
    if (p.gradients[i]) p.weights[i].add(-learningRate, p.gradients[i]);
}

void Module::type(Type type) { TypeConverter(type).convert(*this); }

void Module::apply(const std::function<void(Module&)>& visit) {
  visit(*this);
  for (const ModulePtr& child : children()) child->apply(visit);
}

TensorModule::TensorModule() : output(defaultType()), gradInput(defaultType()) {}

void TensorModule::accGradParameters(const Tensor&, const Tensor&, double) {}

Activity TensorModule::updateOutput(const Activity& input) {
  const Tensor& x = input.isTensor() ? input.tensor() : input.tensor(typeName().c_str(), arg(1, "input"));
  if (!output) output = Tensor(x.type());
  return updateOutput(x);
}

Activity TensorModule::updateGradInput(const Activity& input, const Activity& gradOutput) {
  const Tensor& x = input.isTensor() ? input.tensor() : input.tensor(typeName().c_str(), arg(1, "input"));
  const Tensor& gy = gradOutput.isTensor() ? gradOutput.tensor()
                                           : gradOutput.tensor(typeName().c_str(), arg(2, "gradOutput"));
  if (!gradInput && !mayHaveNilGradInput()) gradInput = Tensor(x.type());
  return updateGradInput(x, gy);
}

void TensorModule::accGradParameters(const Activity& input, const Activity& gradOutput, double scale) {
  const Tensor& x = input.isTensor() ? input.tensor() : input.tensor(typeName().c_str(), arg(1, "input"));
  const Tensor& gy = gradOutput.isTensor() ? gradOutput.tensor()
                                           : gradOutput.tensor(typeName().c_str(), arg(2, "gradOutput"));
  accGradParameters(x, gy, scale);
}

void TensorModule::fields(FieldVisitor& visit) {
  Module::fields(visit);
  visit("output", output)("gradInput", gradInput);
}

void TensorModule::keepGradInput(const Activity& gradient) { gradInput = gradient.tensor(); }

void TensorModule::checkInput(const Tensor& input, const Tensor& own) const {
  if (own && input.type() != own.type()) [[unlikely]]
    fail(typeName(), arg(1, "input"),
         {"expected ", tensorTypeName(own.type()), " like the module's own tensors, got ", describe(input),
          "; convert one of them with :type()"});
}

void TensorModule::needDims(const char* name, const Tensor& field, int64_t dims) const {
  if (!field || field.dim() != dims) [[unlikely]]
    fail(typeName(), {"field ", name, ": expected ", text(dims), " dimensions, got ", describe(field)});
}

void TensorModule::needTensor(const char* name, const Tensor& field) const {
  if (!field || field.empty()) [[unlikely]]
    fail(typeName(), {"field ", name, ": expected a tensor with elements, got ", describe(field)});
}

void TensorModule::needElements(const char* name, const Tensor& field, int64_t n, const Tensor& like) const {
  if (!field || field.nElement() != n || field.type() != like.type()) [[unlikely]]
    fail(typeName(), {"field ", name, ": expected ", like ? tensorTypeName(like.type()) : "a tensor",
                      " with ", text(n), " elements, got ", describe(field)});
}

void TensorModule::checkGradOutput(const Tensor& gradOutput) const {
  if (!output || gradOutput.type() != output.type() || gradOutput.nElement() != output.nElement())
      [[unlikely]]
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the output ", describe(output), ", got ", describe(gradOutput)});
}

void TensorModule::checkGradOutput(const Tensor& input, const Tensor& gradOutput, const Shape& sizes) const {
  int64_t n = 1;
  for (const int64_t size : sizes) n *= size;
  if (gradOutput.type() != input.type() || gradOutput.nElement() != n) [[unlikely]]
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the output ", tensorTypeName(input.type()), " ",
          shapeText(sizes.begin(), sizes.size()), ", got ", describe(gradOutput)});
}

const Tensor& TensorModule::outputLike(const Tensor& input) const {
  checkInput(input, output);
  return output.resizeAs(input);
}

const Tensor& TensorModule::gradInputLike(const Tensor& input, const Tensor& gradOutput) const {
  checkInput(input, gradInput);
  if (gradOutput.type() != input.type() || gradOutput.nElement() != input.nElement()) [[unlikely]]
    fail(typeName(), arg(2, "gradOutput"),
         {"expected the size of the input ", describe(input), ", got ", describe(gradOutput)});
  return gradInput.resizeAs(input);
}

const Tensor& TensorModule::pointTo(Tensor& field, const Tensor& view) {
  return ofType(field, view.type()).set(view);
}

const Tensor& TensorModule::ofType(Tensor& field, Type type) {
  if (!field || field.type() != type) field = Tensor(type);
  return field;
}

Tensor TensorModule::reshapeGradient(const Tensor& input, const Tensor& gradOutput) {
  if (gradOutput.nElement() != input.nElement())
    fail(typeName(), arg(2, "gradOutput"),
         {"expected as many elements as the input ", describe(input), ", got ", describe(gradOutput)});
  return pointTo(gradInput, gradOutput.contiguous().view(input.sizes()));
}

int64_t dimensionOf(const std::string& op, const Tensor& input, int64_t dimension,
                    std::optional<int64_t> nInputDims) {
  int64_t d = dimension;
  if (d < 0) {
    d += input.dim() + 1;
  } else if (nInputDims && input.dim() == *nInputDims + 1) {
    ++d;
  }
  if (d < 1 || d > input.dim())
    fail(op, {"dimension exceeds input dimensions: dimension ", text(dimension), " of ", describe(input)});
  return d - 1;
}

void TableModule::fields(FieldVisitor& visit) {
  Module::fields(visit);
  visit("output", output)("gradInput", gradInput);
}

TableModule::TableModule() : output(Tensor(defaultType())), gradInput(Tensor(defaultType())) {}

const Tensor& TableModule::outputTensor(Type type) {
  if (!output.isTensor()) output = Tensor(type);
  return output.tensor();
}

const Tensor& TableModule::gradInputTensor(Type type) {
  if (!gradInput.isTensor()) gradInput = Tensor(type);
  return gradInput.tensor();
}

std::vector<Activity>& TableModule::gradInputTable(size_t n) {
  std::vector<Activity>& entries = gradInput.makeTable();
  entries.resize(n);
  return entries;
}

void initUniform(std::initializer_list<Tensor> parameters, std::optional<double> stdv, double fanIn) {
  const double a = stdv ? *stdv * std::sqrt(3.0) : 1 / std::sqrt(fanIn);
  for (const Tensor& parameter : parameters)
    if (parameter) uniform(parameter, -a, a);
}

}  // namespace cresset::nn
