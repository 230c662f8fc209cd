// The classes of this folder.
#include "nn/convolution/SpatialConvolution.h"
#include "nn/families.h"
#include "nn/registry.h"

namespace cresset::nn {
namespace {

std::optional<int64_t> paddingH(const Arguments& a) {
  if (a.isNil(8)) return {};
  return a.integer(8, "padH");
}

template <class M> std::shared_ptr<M> make(const Arguments& a) {
  return std::make_shared<M>(a.integer(1, "nInputPlane"), a.integer(2, "nOutputPlane"), a.integer(3, "kW"),
                             a.integer(4, "kH"), a.integer(5, "dW", 1), a.integer(6, "dH", 1),
                             a.integer(7, "padW", 0), paddingH(a));
}

std::shared_ptr<SpatialDilatedConvolution> makeDilated(const Arguments& a) {
  return std::make_shared<SpatialDilatedConvolution>(
      a.integer(1, "nInputPlane"), a.integer(2, "nOutputPlane"), a.integer(3, "kW"), a.integer(4, "kH"),
      a.integer(5, "dW", 1), a.integer(6, "dH", 1), a.integer(7, "padW", 0), paddingH(a),
      a.integer(9, "dilationW", 1), a.integer(10, "dilationH", 1));
}

void dropBias(ConvolutionModule& self, const Arguments&) { self.noBias(); }

}  // namespace

void registerConvolution(Registry& registry) {
  registry.module<SpatialConvolution>("nn.SpatialConvolution", "nn.Module", make<SpatialConvolution>)
      .method<ConvolutionModule>("noBias", dropBias);
  registry.module<SpatialConvolutionMM>("nn.SpatialConvolutionMM", "nn.Module", make<SpatialConvolutionMM>)
      .method<ConvolutionModule>("noBias", dropBias);
  registry.module<SpatialDilatedConvolution>("nn.SpatialDilatedConvolution", "nn.SpatialConvolution",
                                             makeDilated);
}

}  // namespace cresset::nn
