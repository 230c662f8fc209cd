// The classes of this folder.
#include "nn/dropout/Dropout.h"
#include "nn/families.h"
#include "nn/registry.h"

namespace cresset::nn {

void registerDropout(Registry& registry) {
  registry
      .module<Dropout>("nn.Dropout", "nn.Module",
                       [](const Arguments& a) {
                         return std::make_shared<Dropout>(a.number(1, "p", 0.5), a.boolean(2, "v1", false),
                                                          a.boolean(3, "inplace", false),
                                                          a.boolean(4, "stochasticInference", false));
                       })
      .method<Dropout>("setp", [](Dropout& self, const Arguments& a) { self.setp(a.number(1, "p")); });
}

}  // namespace cresset::nn
