// The classes of this folder.
#include "nn/families.h"
#include "nn/pooling/SpatialAveragePooling.h"
#include "nn/pooling/SpatialMaxPooling.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

/// Methods ceil and floor, which scripts chain after the constructor.
template <class M> ModuleClass& withRounding(ModuleClass& c) {
  return c.method<M>("ceil", [](M& self, const Arguments&) { self.ceil_mode = true; })
      .template method<M>("floor", [](M& self, const Arguments&) { self.ceil_mode = false; });
}

std::shared_ptr<SpatialDilatedMaxPooling> makeDilated(const Arguments& a) {
  return std::make_shared<SpatialDilatedMaxPooling>(
      a.integer(1, "kW"), a.integer(2, "kH"), a.integer(3, "dW", 0), a.integer(4, "dH", 0),
      a.integer(5, "padW", 0), a.integer(6, "padH", 0), a.integer(7, "dilationW", 1),
      a.integer(8, "dilationH", 1));
}

}  // namespace

void registerPooling(Registry& registry) {
  withRounding<SpatialMaxPooling>(
      registry.module<SpatialMaxPooling>("nn.SpatialMaxPooling", "nn.Module", [](const Arguments& a) {
        return std::make_shared<SpatialMaxPooling>(a.integer(1, "kW"), a.integer(2, "kH"),
                                                   a.integer(3, "dW", 0), a.integer(4, "dH", 0),
                                                   a.integer(5, "padW", 0), a.integer(6, "padH", 0));
      }));
  registry.module<SpatialDilatedMaxPooling>("nn.SpatialDilatedMaxPooling", "nn.SpatialMaxPooling",
                                            makeDilated);
  withRounding<SpatialAveragePooling>(
      registry.module<SpatialAveragePooling>("nn.SpatialAveragePooling", "nn.Module",
                                             [](const Arguments& a) {
                                               return std::make_shared<SpatialAveragePooling>(
                                                   a.integer(1, "kW"), a.integer(2, "kH"),
                                                   a.integer(3, "dW", 1), a.integer(4, "dH", 1),
                                                   a.integer(5, "padW", 0), a.integer(6, "padH", 0));
                                             }))
      .method<SpatialAveragePooling>(
          "setCountIncludePad",
          [](SpatialAveragePooling& self, const Arguments&) { self.count_include_pad = true; })
      .method<SpatialAveragePooling>("setCountExcludePad", [](SpatialAveragePooling& self, const Arguments&) {
        self.count_include_pad = false;
      });
}

}  // namespace cresset::nn
