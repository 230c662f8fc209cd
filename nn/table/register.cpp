// The classes of this folder.
#include "nn/families.h"
#include "nn/registry.h"
#include "nn/table/Arithmetic.h"
#include "nn/table/Join.h"
#include "nn/table/Product.h"
#include "nn/table/Select.h"

namespace cresset::nn {
namespace {

template <class M> std::shared_ptr<M> along(const Arguments& a) {
  std::optional<int64_t> nInputDims;
  if (!a.isNil(2)) nInputDims = a.integer(2, "nInputDims");
  return std::make_shared<M>(a.integer(1, "dimension"), nInputDims);
}

}  // namespace

void registerTable(Registry& registry) {
  registry.module<JoinTable>("nn.JoinTable", "nn.Module", along<JoinTable>);
  registry.module<SplitTable>("nn.SplitTable", "nn.Module", along<SplitTable>);
  registry.module<SelectTable>("nn.SelectTable", "nn.Module", [](const Arguments& a) {
    return a.isNumber(1) ? std::make_shared<SelectTable>(a.integer(1, "index"))
                         : std::make_shared<SelectTable>(a.string(1, "index"));
  });
  registry.module<NarrowTable>("nn.NarrowTable", "nn.Module", [](const Arguments& a) {
    if (a.isNil(1)) fail("nn.NarrowTable", {"usage: nn.NarrowTable(offset, length)"});
    return std::make_shared<NarrowTable>(a.integer(1, "offset"), a.integer(2, "length", 1));
  });
  registry.module<FlattenTable>("nn.FlattenTable");
  registry.module<CAddTable>("nn.CAddTable", "nn.Module", [](const Arguments& a) {
    return std::make_shared<CAddTable>(a.boolean(1, "inplace", false));
  });
  registry.module<CSubTable>("nn.CSubTable");
  registry.module<CMulTable>("nn.CMulTable");
  registry.module<CDivTable>("nn.CDivTable");
  registry.module<MM>("nn.MM", "nn.Module", [](const Arguments& a) {
    return std::make_shared<MM>(a.boolean(1, "transA", false), a.boolean(2, "transB", false));
  });
  registry.module<MV>("nn.MV", "nn.Module",
                      [](const Arguments& a) { return std::make_shared<MV>(a.boolean(1, "trans", false)); });
}

}  // namespace cresset::nn
