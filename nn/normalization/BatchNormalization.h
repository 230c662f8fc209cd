// nn.BatchNormalization and its spatial and volumetric forms.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// y = (x - mean) / sqrt(var + eps) * weight + bias for each feature, the second dimension of [batch x
/// nOutput]. When training, mean and (biased) variance are the batch's, and the running ones move towards
/// them by `momentum`; running_var then counts n - 1. Outside training the running ones are used, and one
/// sample without the batch dimension is a batch of one. `weight` starts uniform in [0, 1), `bias` at 0; both
/// are nil without `affine`. Errors: other ranks (`only mini-batch supported`), another number of features
/// (`got a-feature tensor, expected b`). Source: Torch7 nn.BatchNormalization.
class BatchNormalization : public TensorModule {
 public:
  BatchNormalization() = default;
  explicit BatchNormalization(int64_t nOutput, double epsilon = 1e-5, double step = 0.1,
                              bool isAffine = true);
  std::string typeName() const override { return "nn.BatchNormalization"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
  void accGradParameters(const Tensor& input, const Tensor& gradOutput, double scale) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  std::string toString() const override;
  /// Dimensions of a batch.
  virtual int64_t nDim() const { return 2; }

  Tensor weight, bias, gradWeight, gradBias;  // [nOutput]; nil without affine
  Tensor running_mean, running_var;           // [nOutput]
  Tensor save_mean, save_std;                 // [nOutput]: the last batch's mean and 1 / standard deviation
  bool affine = true;
  double eps = 1e-5, momentum = 0.1;

 private:
  /// The input as a contiguous batch. Throws Error when it is none, or has another number of features.
  Tensor batchOf(const Tensor& input) const;
  /// gradOutput, contiguous. Throws Error unless it, and the last output, have the size of the batch x.
  Tensor gradientOf(const Tensor& x, const Tensor& gradOutput) const;
  void backwardInto(const Tensor& gx, const Tensor& gradW, const Tensor& gradB, const Tensor& input,
                    const Tensor& gradOutput, double scale);
  Tensor running_std_;  // of files before version 2
};

/// For [batch x nOutput x h x w]. Source: Torch7 nn.SpatialBatchNormalization.
class SpatialBatchNormalization final : public BatchNormalization {
 public:
  using BatchNormalization::BatchNormalization;
  std::string typeName() const override { return "nn.SpatialBatchNormalization"; }
  int64_t nDim() const override { return 4; }
};

/// For [batch x nOutput x t x h x w]. Source: Torch7 nn.VolumetricBatchNormalization.
class VolumetricBatchNormalization final : public BatchNormalization {
 public:
  using BatchNormalization::BatchNormalization;
  std::string typeName() const override { return "nn.VolumetricBatchNormalization"; }
  int64_t nDim() const override { return 5; }
};

}  // namespace cresset::nn
