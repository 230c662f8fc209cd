// The classes of this folder.
#include "nn/container/Concat.h"
#include "nn/container/ConcatTable.h"
#include "nn/container/Container.h"
#include "nn/container/DepthConcat.h"
#include "nn/container/Parallel.h"
#include "nn/container/ParallelTable.h"
#include "nn/container/Sequential.h"
#include "nn/families.h"
#include "nn/registry.h"

namespace cresset::nn {

void registerContainer(Registry& registry) {
  registry.module<Container>("nn.Container")
      .method<Container>("add", [](Container& self, const Arguments& a) { self.add(a.module(1, "module")); });
  registry.module<Sequential>("nn.Sequential", "nn.Container")
      .method<Sequential>("insert",
                          [](Sequential& self, const Arguments& a) {
                            const auto size = static_cast<int64_t>(self.modules.size());
                            self.insert(a.module(1, "module"), a.integer(2, "index", size + 1) - 1);
                          })
      .method<Sequential>("remove", [](Sequential& self, const Arguments& a) {
        self.remove(a.integer(1, "index", static_cast<int64_t>(self.modules.size())) - 1);
      });
  registry.module<Concat>("nn.Concat", "nn.Container", [](const Arguments& a) {
    return std::make_shared<Concat>(a.integer(1, "dimension"));
  });
  registry.module<DepthConcat>("nn.DepthConcat", "nn.Concat", [](const Arguments& a) {
    return std::make_shared<DepthConcat>(a.integer(1, "dimension"));
  });
  registry.module<Parallel>("nn.Parallel", "nn.Container", [](const Arguments& a) {
    return std::make_shared<Parallel>(a.integer(1, "inputDimension", 0), a.integer(2, "outputDimension", 0));
  });
  registry.module<ConcatTable>("nn.ConcatTable", "nn.Container");
  registry.module<ParallelTable>("nn.ParallelTable", "nn.Container");
}

}  // namespace cresset::nn
