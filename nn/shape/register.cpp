// The classes of this folder.
#include "nn/families.h"
#include "nn/registry.h"
#include "nn/shape/Identity.h"
#include "nn/shape/Replicate.h"
#include "nn/shape/Reshape.h"
#include "nn/shape/Select.h"
#include "nn/shape/Squeeze.h"
#include "nn/shape/Transpose.h"
#include "nn/shape/View.h"

namespace cresset::nn {
namespace {

std::optional<int64_t> optional(const Arguments& a, int position, const char* name) {
  if (a.isNil(position)) return {};
  return a.integer(position, name);
}

/// Sizes as numbers or as a LongStorage; then, perhaps, a boolean.
std::shared_ptr<Reshape> makeReshape(const Arguments& a) {
  Shape sizes;
  int last = a.count();
  std::optional<bool> batchMode;
  if (last > 0 && a.isBoolean(last)) batchMode = a.boolean(last--, "batchMode");
  while (last > 1 && a.isNil(last)) --last;  // a batchMode of nil
  if (last == 1 && !a.isNumber(1)) {
    sizes = a.sizes(1, "size");
  } else {
    for (int i = 1; i <= last; ++i) sizes.push(a.integer(i, "size"));
  }
  return std::make_shared<Reshape>(sizes, batchMode);
}

std::shared_ptr<Transpose> makeTranspose(const Arguments& a) {
  std::vector<Activity> pairs;
  for (int i = 1; i <= a.count(); ++i) pairs.push_back(a.activity(i, "pair of dimensions"));
  return std::make_shared<Transpose>(Activity::list(std::move(pairs)));
}

}  // namespace

void registerShape(Registry& registry) {
  registry.module<Identity>("nn.Identity");
  registry.module<Contiguous>("nn.Contiguous");
  registry
      .module<View>("nn.View", "nn.Module",
                    [](const Arguments& a) { return std::make_shared<View>(a.sizes(1, "size")); })
      .method<View>("setNumInputDims",
                    [](View& self, const Arguments& a) { self.numInputDims = a.integer(1, "numInputDims"); })
      .method<View>("resetSize", [](View& self, const Arguments& a) { self.resetSize(a.sizes(1, "size")); });
  registry.module<Reshape>("nn.Reshape", "nn.Module", makeReshape);
  registry.module<Select>("nn.Select", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Select>(a.integer(1, "dimension"), a.integer(2, "index"));
  });
  registry.module<Narrow>("nn.Narrow", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Narrow>(a.integer(1, "dimension"), a.integer(2, "offset"),
                                    a.integer(3, "length", 1));
  });
  registry.module<Squeeze>("nn.Squeeze", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Squeeze>(optional(a, 1, "dim"), optional(a, 2, "numInputDims"));
  });
  registry
      .module<Unsqueeze>("nn.Unsqueeze", "nn.Module",
                         [](const Arguments& a) {
                           if (a.isNil(1))
                             fail("nn.Unsqueeze", {"the position to insert singleton dim not specified"});
                           return std::make_shared<Unsqueeze>(a.integer(1, "pos"),
                                                              optional(a, 2, "numInputDims"));
                         })
      .method<Unsqueeze>("setNumInputDims", [](Unsqueeze& self, const Arguments& a) {
        self.numInputDims = a.integer(1, "numInputDims");
      });
  registry.module<Replicate>("nn.Replicate", "nn.Module", [](const Arguments& a) {
    return std::make_shared<Replicate>(a.integer(1, "nFeature"), a.integer(2, "dim", 1),
                                       optional(a, 3, "ndim"));
  });
  registry.module<Transpose>("nn.Transpose", "nn.Module", makeTranspose)
      .method<Transpose>("setNumInputDims", [](Transpose& self, const Arguments& a) {
        self.numInputDims = a.integer(1, "numInputDims");
      });
}

}  // namespace cresset::nn
