// The base of the modules that slide a window over planes.
#pragma once

#include "nn/Module.h"
#include "nn/pooling/kernels.h"

namespace cresset::nn {

/// Input [planes x h x w] or [batch x planes x h x w]; output o = floor((i + 2 pad - (dilation (k - 1) + 1))
/// / d) + 1 in each direction, or ceil with `ceil_mode`; with padding, the last window must start inside.
/// Errors: other ranks, padding above half the window, `Output size is too small`.
class PoolingModule : public TensorModule {
 public:
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  int64_t kW = 1, kH = 1, dW = 1, dH = 1, padW = 0, padH = 0;
  bool ceil_mode = false;

 protected:
  PoolingModule() = default;
  PoolingModule(int64_t width, int64_t height, int64_t stepW, int64_t stepH, int64_t paddingW,
                int64_t paddingH);
  virtual Window window() const { return {kW, kH, dW, dH, padW, padH}; }
  /// The input as a contiguous batch.
  Tensor batchOf(const Tensor& input) const;
  /// The sizes of the output for a batch. Throws Error as the class says.
  Shape pooledSizes(const Tensor& batch) const;
  /// `sizes` of a batch without the batch dimension when the input has none.
  static Shape likeInput(const Tensor& input, Sizes sizes);
};

}  // namespace cresset::nn
