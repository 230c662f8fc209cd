// nn.SpatialMaxPooling and nn.SpatialDilatedMaxPooling.
#pragma once

#include "nn/pooling/PoolingModule.h"

namespace cresset::nn {

/// The largest element of each window; padding never wins, and of equal elements the first. Steps are the
/// window's size when not given. Source: Torch7 nn.SpatialMaxPooling.
class SpatialMaxPooling : public PoolingModule {
 public:
  SpatialMaxPooling() = default;
  /// Steps of 0 stand for the window's size.
  SpatialMaxPooling(int64_t width, int64_t height, int64_t stepW = 0, int64_t stepH = 0, int64_t paddingW = 0,
                    int64_t paddingH = 0);
  std::string typeName() const override { return "nn.SpatialMaxPooling"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  /// For each output element, the position of its maximum in the input plane, from 1; 0 where a window holds
  /// no number.
  Tensor indices;
  std::optional<int64_t> iheight, iwidth;  // of the last input: SpatialMaxUnpooling reads them
};

/// Windows whose elements are dilationW and dilationH apart. Source: Torch7 nn.SpatialDilatedMaxPooling.
class SpatialDilatedMaxPooling final : public SpatialMaxPooling {
 public:
  SpatialDilatedMaxPooling() = default;
  SpatialDilatedMaxPooling(int64_t width, int64_t height, int64_t stepW, int64_t stepH, int64_t paddingW,
                           int64_t paddingH, int64_t apartW, int64_t apartH);
  std::string typeName() const override { return "nn.SpatialDilatedMaxPooling"; }
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  int64_t dilationW = 1, dilationH = 1;

 protected:
  Window window() const override { return {kW, kH, dW, dH, padW, padH, dilationW, dilationH}; }
};

}  // namespace cresset::nn
