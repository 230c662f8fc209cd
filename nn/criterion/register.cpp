// The classes of this folder.
#include "nn/criterion/ClassNLLCriterion.h"
#include "nn/criterion/CrossEntropyCriterion.h"
#include "nn/criterion/ElementCriterion.h"
#include "nn/criterion/HingeEmbeddingCriterion.h"
#include "nn/criterion/MultiCriterion.h"
#include "nn/criterion/MultiMarginCriterion.h"
#include "nn/families.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

Tensor weights(const Arguments& a, int position) {
  return a.isNil(position) ? Tensor() : a.tensor(position, "weights");
}

template <class C> std::shared_ptr<C> averaged(const Arguments& a) {
  return std::make_shared<C>(a.boolean(1, "sizeAverage", true));
}

template <class C> std::shared_ptr<C> weighted(const Arguments& a) {
  return std::make_shared<C>(weights(a, 1), a.boolean(2, "sizeAverage", true));
}

template <class C> void addCriterion(C& self, const Arguments& a) {
  self.add(a.isNil(1) ? nullptr : a.criterion(1, "criterion"), a.number(2, "weight", 1));
}

}  // namespace

void registerCriterion(Registry& registry) {
  const char* root = "nn.Criterion";
  registry.criterion<MSECriterion>("nn.MSECriterion", root, averaged<MSECriterion>);
  registry.criterion<AbsCriterion>("nn.AbsCriterion", root, averaged<AbsCriterion>);
  registry.criterion<SmoothL1Criterion>("nn.SmoothL1Criterion", root, averaged<SmoothL1Criterion>);
  registry.criterion<DistKLDivCriterion>("nn.DistKLDivCriterion", root, averaged<DistKLDivCriterion>);
  registry.criterion<SoftMarginCriterion>("nn.SoftMarginCriterion", root, averaged<SoftMarginCriterion>);
  registry.criterion<MarginCriterion>("nn.MarginCriterion", root, [](const Arguments& a) {
    return std::make_shared<MarginCriterion>(a.number(1, "margin", 1));
  });
  registry.criterion<L1Cost>("nn.L1Cost", root, [](const Arguments&) { return std::make_shared<L1Cost>(); });
  registry.criterion<BCECriterion>("nn.BCECriterion", root, weighted<BCECriterion>);
  registry.criterion<WeightedMSECriterion>(
      "nn.WeightedMSECriterion", "nn.MSECriterion",
      [](const Arguments& a) { return std::make_shared<WeightedMSECriterion>(a.tensor(1, "weight")); });
  registry.criterion<ClassNLLCriterion>("nn.ClassNLLCriterion", root, [](const Arguments& a) {
    return std::make_shared<ClassNLLCriterion>(weights(a, 1), a.boolean(2, "sizeAverage", true),
                                               a.integer(3, "ignoreIndex", -100));
  });
  registry.criterion<SpatialClassNLLCriterion>("nn.SpatialClassNLLCriterion", root,
                                               weighted<SpatialClassNLLCriterion>);
  registry.criterion<CrossEntropyCriterion>("nn.CrossEntropyCriterion", root,
                                            weighted<CrossEntropyCriterion>);
  registry.criterion<MultiMarginCriterion>("nn.MultiMarginCriterion", root, [](const Arguments& a) {
    return std::make_shared<MultiMarginCriterion>(a.integer(1, "p", 1), weights(a, 2),
                                                  a.number(3, "margin", 1));
  });
  registry.criterion<HingeEmbeddingCriterion>("nn.HingeEmbeddingCriterion", root, [](const Arguments& a) {
    return std::make_shared<HingeEmbeddingCriterion>(a.number(1, "margin", 1));
  });
  registry
      .criterion<MultiCriterion>("nn.MultiCriterion", root,
                                 [](const Arguments&) { return std::make_shared<MultiCriterion>(); })
      .method<MultiCriterion>("add", addCriterion<MultiCriterion>);
  registry
      .criterion<ParallelCriterion>(
          "nn.ParallelCriterion", root,
          [](const Arguments& a) {
            return std::make_shared<ParallelCriterion>(a.boolean(1, "repeatTarget", false));
          })
      .method<ParallelCriterion>("add", addCriterion<ParallelCriterion>);
}

}  // namespace cresset::nn
