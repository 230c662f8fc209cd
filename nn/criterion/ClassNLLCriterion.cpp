#include "nn/criterion/ClassNLLCriterion.h"

#include "nn/Module.h"
#include "tensor/Error.h"

namespace cresset::nn {

Slot<ClassLossKernel> classLossSlot{"nn.ClassNLLCriterion", loadNnKernels};
Slot<ClassSlopeKernel> classSlopeSlot{"nn.ClassNLLCriterion", loadNnKernels};

ClassNLLCriterion::ClassNLLCriterion(Tensor classWeights, bool isAverage, int64_t ignored)
    : weights(std::move(classWeights)),
      sizeAverage(isAverage),
      ignoreIndex(ignored),
      output_tensor(defaultType(), {1}),
      total_weight_tensor(defaultType(), {1}),
      target(kLong, {1}) {
  if (weights && weights.dim() != 1)
    fail("nn.ClassNLLCriterion", arg(1, "weights"),
         {"weights input should be 1-D Tensor, got ", describe(weights)});
  output_tensor.zero();
  total_weight_tensor.fill(1);
  target.fill(1);
}

Tensor ClassNLLCriterion::batchOf(const Tensor& input, const Tensor& labels) const {
  if (labels.dim() > 1)
    fail(typeName(), arg(2, "target"), {"multi-target not supported, got ", describe(labels)});
  if (input.dim() != 1 && input.dim() != 2)
    fail(typeName(), arg(1, "input"), {"input tensor should be 1D or 2D, got ", describe(input)});
  const int64_t batch = input.dim() == 1 ? 1 : input.size(0);
  if (labels.nElement() != batch)
    fail(typeName(), arg(2, "target"),
         {"Assertion `THIndexTensor_(size)(target, 0) == batch_size' failed.: expected ", text(batch),
          " labels for the input ", describe(input), ", got ", text(labels.nElement())});
  return input.dim() == 1 ? input.unsqueeze(0) : input;
}

ClassLoss ClassNLLCriterion::prepare(const Tensor& x, const Activity& labels) {
  const Type type{DType::Long, x.device()};
  if (labels.isNumber()) {
    if (!target || target.type() != type) target = Tensor(type);
    target.resize({1}).fill(labels.number());
  } else {
    target = labels.tensor(typeName().c_str(), arg(2, "target")).to(type);
  }
  return {target.contiguous(), weights ? weights.contiguous() : Tensor(), ignoreIndex, sizeAverage};
}

void ClassNLLCriterion::checkWeights(const Tensor& x) const {
  if (!weights) return;
  checkSameType(typeName().c_str(), arg(1, "weights"), weights, x);
  if (weights.nElement() != x.size(1))
    fail(typeName(), arg(1, "weights"),
         {"weight tensor should be defined either for all ", text(x.size(1)),
          " classes or no classes but got weight tensor of shape: ",
          shapeText(weights.sizes().data(), weights.dim())});
}

double ClassNLLCriterion::updateOutput(const Activity& input, const Activity& labels) {
  const Tensor& given = input.tensor(typeName().c_str(), arg(1, "input"));
  const ClassLoss c = prepare(given, labels);
  const Tensor x = batchOf(given, c.target).contiguous();
  checkWeights(x);
  const ClassLossResult result = classLossSlot.on(x)(x, c);
  totalWeight_ = result.totalWeight;
  const auto keep = [&](Tensor& buffer, double value) {
    if (!buffer || buffer.type() != x.type()) buffer = Tensor(x.type());
    buffer.resize({1}).fill(value);
  };
  keep(output_tensor, result.loss);
  keep(total_weight_tensor, result.totalWeight);
  return output = result.loss;
}

Activity ClassNLLCriterion::updateGradInput(const Activity& input, const Activity& labels) {
  const Tensor& given = input.tensor(typeName().c_str(), arg(1, "input"));
  const ClassLoss c = prepare(given, labels);
  const Tensor x = batchOf(given, c.target);
  checkWeights(x);
  if (!gradInput.isTensor() || gradInput.tensor().type() != x.type()) gradInput = Tensor(x.type());
  const Tensor& gx = gradInput.tensor();
  gx.resizeAs(given);
  if (!gx.isContiguous()) gx.set().resizeAs(given);
  gx.zero();
  const double total =
      total_weight_tensor && total_weight_tensor.nElement() == 1 ? total_weight_tensor.item() : 1;
  classSlopeSlot.on(x)(gx.view(x.sizes()), c, total);
  return gradInput;
}

void ClassNLLCriterion::fields(FieldVisitor& visit) {
  Criterion::fields(visit);
  visit("weights", weights)("sizeAverage", sizeAverage)("ignoreIndex", ignoreIndex, -100);
  visit("output_tensor", output_tensor)("total_weight_tensor", total_weight_tensor)("target", target);
}

Tensor SpatialClassNLLCriterion::batchOf(const Tensor& input, const Tensor& labels) const {
  if (labels.dim() != 3)
    fail(typeName(), arg(2, "target"),
         {"only batches of spatial targets supported (3D tensors) but got targets of dimension: ",
          text(labels.dim())});
  if (input.dim() != 4)
    fail(typeName(), arg(1, "input"),
         {"only batches of spatial inputs supported (4D tensors), but got input of dimension: ",
          text(input.dim())});
  if (labels.size(0) != input.size(0) || labels.size(1) != input.size(2) || labels.size(2) != input.size(3))
    fail(typeName(), arg(2, "target"),
         {"input and target batch or spatial sizes don't match: target ", describe(labels), ", input ",
          describe(input)});
  return input;
}

}  // namespace cresset::nn
