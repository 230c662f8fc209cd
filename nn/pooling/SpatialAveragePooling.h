// nn.SpatialAveragePooling.
#pragma once

#include "nn/pooling/PoolingModule.h"

namespace cresset::nn {

/// The mean of each window. Padding counts as zeros unless `count_include_pad` is false. Without `divide`, as
/// in the first files of this class, the sum. Source: Torch7 nn.SpatialAveragePooling.
class SpatialAveragePooling final : public PoolingModule {
 public:
  SpatialAveragePooling() = default;
  SpatialAveragePooling(int64_t width, int64_t height, int64_t stepW = 1, int64_t stepH = 1,
                        int64_t paddingW = 0, int64_t paddingH = 0)
      : PoolingModule(width, height, stepW, stepH, paddingW, paddingH) {}
  std::string typeName() const override { return "nn.SpatialAveragePooling"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  bool mayHaveNilGradInput() const override { return true; }

  bool count_include_pad = true, divide = true;

 private:
  Divisor divisor() const { return count_include_pad ? Divisor::Padded : Divisor::Real; }
};

}  // namespace cresset::nn
