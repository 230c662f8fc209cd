// The classes of this folder.
#include "nn/families.h"
#include "nn/reduction/Max.h"
#include "nn/reduction/Sum.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

std::optional<int64_t> sampleDims(const Arguments& a) {
  if (a.isNil(2)) return {};
  return a.integer(2, "nInputDims");
}

}  // namespace

void registerReduction(Registry& registry) {
  registry.module<Sum>("nn.Sum", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Sum>(a.integer(1, "dimension", 1), sampleDims(a),
                                 a.boolean(3, "sizeAverage", false), a.boolean(4, "squeeze", true));
  });
  registry.module<Mean>("nn.Mean", "nn.Sum", [](const Arguments& a) {
    return std::make_shared<Mean>(a.integer(1, "dimension", 1), sampleDims(a));
  });
  registry.module<Max>("nn.Max", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Max>(a.integer(1, "dimension", 1), sampleDims(a));
  });
  registry.module<Min>("nn.Min", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Min>(a.integer(1, "dimension", 1), sampleDims(a));
  });
}

}  // namespace cresset::nn
