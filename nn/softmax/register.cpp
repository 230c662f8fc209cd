// The classes of this folder.
#include "nn/families.h"
#include "nn/registry.h"
#include "nn/softmax/SoftMax.h"

namespace cresset::nn {

void registerSoftmax(Registry& registry) {
  registry.module<SoftMax>("nn.SoftMax");
  registry.module<LogSoftMax>("nn.LogSoftMax");
  registry.module<SoftMin>("nn.SoftMin");
  registry.module<SpatialSoftMax>("nn.SpatialSoftMax");
  registry.module<SpatialLogSoftMax>("nn.SpatialLogSoftMax");
}

}  // namespace cresset::nn
