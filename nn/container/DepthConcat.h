// nn.DepthConcat: outputs of different sizes joined into one tensor.
#pragma once

#include "nn/container/Concat.h"

namespace cresset::nn {

/// A Concat whose children's outputs may differ in size: each is centred in zeros, where the larger part of
/// odd padding goes to the end. Source: Torch7 nn.DepthConcat.
class DepthConcat final : public Concat {
 public:
  using Concat::Concat;
  std::string typeName() const override { return "nn.DepthConcat"; }

 protected:
  Shape joinedSizes(const std::vector<Tensor>& outputs) const override;
  Tensor window(const Tensor& joined, const Tensor& part, int64_t offset) const override;
  bool leavesGaps() const override { return true; }
};

}  // namespace cresset::nn
