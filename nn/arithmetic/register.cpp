// The classes of this folder.
#include "nn/arithmetic/Add.h"
#include "nn/arithmetic/Constant.h"
#include "nn/arithmetic/Mul.h"
#include "nn/families.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

bool inplace(const char* op, const Arguments& a) {
  if (!a.isNil(2) && !a.isBoolean(2)) fail(op, {"in-place flag must be boolean"});
  return a.boolean(2, "inplace", false);
}

}  // namespace

void registerArithmetic(Registry& registry) {
  registry.module<Add>("nn.Add", "nn.Module", [](const Arguments& a) {
    const Shape sizes = a.isNumber(1) ? Shape{a.integer(1, "inputSize")} : a.sizes(1, "inputSize");
    return std::make_shared<Add>(sizes, a.boolean(2, "scalar", false));
  });
  registry.module<CAdd>("nn.CAdd", "nn.Module",
                        [](const Arguments& a) { return std::make_shared<CAdd>(a.sizes(1, "size")); });
  registry.module<Mul>("nn.Mul");
  registry.module<CMul>("nn.CMul", "nn.Module",
                        [](const Arguments& a) { return std::make_shared<CMul>(a.sizes(1, "size")); });
  registry.module<AddConstant>("nn.AddConstant", "nn.Module", [](const Arguments& a) {
    return std::make_shared<AddConstant>(a.activity(1, "constant_scalar"), inplace("nn.AddConstant", a));
  });
  registry.module<MulConstant>("nn.MulConstant", "nn.Module", [](const Arguments& a) {
    if (!a.isNumber(1)) fail("nn.MulConstant", arg(1, "constant_scalar"), {"input is not scalar!"});
    return std::make_shared<MulConstant>(a.number(1, "constant_scalar"), inplace("nn.MulConstant", a));
  });
  registry.module<Constant>("nn.Constant", "nn.Module", [](const Arguments& a) {
    std::optional<int64_t> nInputDim;
    if (!a.isNil(2)) nInputDim = a.integer(2, "nInputDim");
    return std::make_shared<Constant>(a.activity(1, "value"), nInputDim);
  });
}

}  // namespace cresset::nn
