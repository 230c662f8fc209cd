// The classes of this folder.
#include "nn/families.h"
#include "nn/registry.h"
#include "nn/transfer/ELU.h"
#include "nn/transfer/HardTanh.h"
#include "nn/transfer/LeakyReLU.h"
#include "nn/transfer/Power.h"
#include "nn/transfer/Shrink.h"
#include "nn/transfer/SoftPlus.h"
#include "nn/transfer/Threshold.h"
#include "nn/transfer/plain.h"

namespace cresset::nn {
namespace {

bool inplace(const char* op, const Arguments& a, int position) {
  if (!a.isNil(position) && !a.isBoolean(position)) fail(op, {"in-place flag must be boolean"});
  return a.boolean(position, "inplace", false);
}

std::shared_ptr<Threshold> makeThreshold(const Arguments& a) {
  for (int i = 1; i <= 2; ++i)
    if (!a.isNil(i) && !a.isNumber(i)) fail("nn.Threshold", {"usage: nn.Threshold(threshold, value)"});
  return std::make_shared<Threshold>(a.number(1, "threshold", 1e-6), a.number(2, "value", 0),
                                     inplace("nn.Threshold", a, 3));
}

std::shared_ptr<LeakyReLU> makeLeakyReLU(const Arguments& a) {
  // LeakyReLU(true) leaves the slope out. Torch7 then reads the flag from the second argument.
  const double slope = a.isBoolean(1) ? 0.01 : a.number(1, "negval", 0.01);
  return std::make_shared<LeakyReLU>(slope, inplace("nn.LeakyReLU", a, 2));
}

}  // namespace

void registerTransfer(Registry& registry) {
#define OPERATION(Class, name, source, help) registry.module<Class>("nn." #Class);
#define KERNEL                               OPERATION
#include "nn/transfer/plain.def"
#undef OPERATION
#undef KERNEL
  registry.module<Threshold>("nn.Threshold", "nn.Module", makeThreshold);
  registry.module<ReLU>("nn.ReLU", "nn.Threshold",
                        [](const Arguments& a) { return std::make_shared<ReLU>(inplace("nn.ReLU", a, 1)); });
  registry.module<ReLU6>("nn.ReLU6", "nn.Module", [](const Arguments& a) {
    return std::make_shared<ReLU6>(inplace("nn.ReLU6", a, 1));
  });
  registry.module<HardTanh>("nn.HardTanh", "nn.Module", [](const Arguments& a) {
    return std::make_shared<HardTanh>(a.number(1, "min_value", -1), a.number(2, "max_value", 1),
                                      inplace("nn.HardTanh", a, 3));
  });
  registry.module<Clamp>("nn.Clamp", "nn.HardTanh", [](const Arguments& a) {
    return std::make_shared<Clamp>(a.number(1, "min_value"), a.number(2, "max_value"));
  });
  registry.module<HardShrink>("nn.HardShrink", "nn.Module", [](const Arguments& a) {
    return std::make_shared<HardShrink>(a.number(1, "lambda", 0.5));
  });
  registry.module<SoftShrink>("nn.SoftShrink", "nn.Module", [](const Arguments& a) {
    return std::make_shared<SoftShrink>(a.number(1, "lambda", 0.5));
  });
  registry.module<SoftPlus>("nn.SoftPlus", "nn.Module", [](const Arguments& a) {
    return std::make_shared<SoftPlus>(a.number(1, "beta", 1));
  });
  registry.module<ELU>("nn.ELU", "nn.Module", [](const Arguments& a) {
    return std::make_shared<ELU>(a.number(1, "alpha", 1), inplace("nn.ELU", a, 2));
  });
  registry.module<LeakyReLU>("nn.LeakyReLU", "nn.Module", makeLeakyReLU);
  registry.module<Power>("nn.Power", "nn.Module", [](const Arguments& a) {
    if (a.isNil(1)) fail("nn.Power", {"usage: nn.Power(power)"});
    return std::make_shared<Power>(a.number(1, "power"));
  });
  registry.module<Sqrt>("nn.Sqrt", "nn.Module",
                        [](const Arguments& a) { return std::make_shared<Sqrt>(a.number(1, "eps", 0)); });
}

}  // namespace cresset::nn
