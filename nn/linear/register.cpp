// The classes of this folder.
#include "nn/families.h"
#include "nn/linear/Linear.h"
#include "nn/registry.h"

namespace cresset::nn {

void registerLinear(Registry& registry) {
  registry
      .module<Linear>("nn.Linear", "nn.Module",
                      [](const Arguments& a) {
                        return std::make_shared<Linear>(a.integer(1, "inputSize"), a.integer(2, "outputSize"),
                                                        a.boolean(3, "bias", true));
                      })
      .method<Linear>("noBias", [](Linear& self, const Arguments&) { self.noBias(); });
}

}  // namespace cresset::nn
