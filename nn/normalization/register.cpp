// The classes of this folder.
#include "nn/families.h"
#include "nn/normalization/BatchNormalization.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

template <class M> void add(Registry& registry, const char* name, const char* parent) {
  registry
      .module<M>(name, parent,
                 [name](const Arguments& a) {
                   if (a.isNil(1)) fail(name, {"Missing argument #1: dimensionality of input. "});
                   if (!a.isNil(4) && !a.isBoolean(4)) fail(name, {"affine has to be true/false"});
                   return std::make_shared<M>(a.integer(1, "nOutput"), a.number(2, "eps", 1e-5),
                                              a.number(3, "momentum", 0.1), a.boolean(4, "affine", true));
                 })
      .version = 2;
}

}  // namespace

void registerNormalization(Registry& registry) {
  add<BatchNormalization>(registry, "nn.BatchNormalization", "nn.Module");
  add<SpatialBatchNormalization>(registry, "nn.SpatialBatchNormalization", "nn.BatchNormalization");
  add<VolumetricBatchNormalization>(registry, "nn.VolumetricBatchNormalization", "nn.BatchNormalization");
}

}  // namespace cresset::nn
