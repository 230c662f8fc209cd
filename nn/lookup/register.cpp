// The classes of this folder.
#include "nn/families.h"
#include "nn/lookup/LookupTable.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

std::optional<double> numberOrNil(const Arguments& a, int position, const char* name) {
  if (a.isNil(position)) return {};
  return a.number(position, name);
}

std::shared_ptr<LookupTable> make(const Arguments& a) {
  return std::make_shared<LookupTable>(a.integer(1, "nIndex"), a.integer(2, "nOutput"),
                                       a.integer(3, "paddingValue", 0), numberOrNil(a, 4, "maxNorm"),
                                       numberOrNil(a, 5, "normType"));
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
          "setMaxNorm",
          [](LookupTable& self, const Arguments& a) { self.maxNorm = numberOrNil(a, 1, "maxNorm"); })
      .method<LookupTable>(
          "setNormType",
          [](LookupTable& self, const Arguments& a) { self.normType = numberOrNil(a, 1, "normType"); })
      .method<LookupTable>("scaleGradByFreq",
                           [](LookupTable& self, const Arguments&) { self.shouldScaleGradByFreq = true; })
      .method<LookupTable>("accUpdateOnly",
                           [](LookupTable& self, const Arguments&) { self.accUpdateOnly(); });
}

}  // namespace cresset::nn
