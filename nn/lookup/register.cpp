// The classes of this folder.
#include "nn/families.h"
#include "nn/lookup/LookupTable.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

std::shared_ptr<LookupTable> make(const Arguments& a) {
  std::optional<double> maxNorm, normType;
  if (!a.isNil(4)) maxNorm = a.number(4, "maxNorm");
  if (!a.isNil(5)) normType = a.number(5, "normType");
  return std::make_shared<LookupTable>(a.integer(1, "nIndex"), a.integer(2, "nOutput"),
                                       a.integer(3, "paddingValue", 0), maxNorm, normType);
}

}  // namespace

void registerLookup(Registry& registry) {
  ModuleClass& lookup = registry.module<LookupTable>("nn.LookupTable", "nn.Module", make);
  lookup.version = 4;
  lookup
      .method<LookupTable>(
          "setPadding",
          [](LookupTable& self, const Arguments& a) { self.paddingValue = a.integer(1, "paddingValue"); })
      .method<LookupTable>(
          "setMaxNorm", [](LookupTable& self, const Arguments& a) { self.maxNorm = a.number(1, "maxNorm"); })
      .method<LookupTable>("setNormType", [](LookupTable& self,
                                             const Arguments& a) { self.normType = a.number(1, "normType"); })
      .method<LookupTable>("scaleGradByFreq",
                           [](LookupTable& self, const Arguments&) { self.shouldScaleGradByFreq = true; })
      .method<LookupTable>("accUpdateOnly",
                           [](LookupTable& self, const Arguments&) { self.accUpdateOnly(); });
}

}  // namespace cresset::nn
