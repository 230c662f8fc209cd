// nn.SoftMax, nn.LogSoftMax, nn.SoftMin and their spatial names.
#pragma once

#include "nn/Module.h"
#include "nn/softmax/kernels.h"

namespace cresset::nn {

/// What the family shares: the normalised dimension is the only one of [n], the second of [batch x n], the
/// first of [n x h x w] and the second of [batch x n x h x w]. The output is contiguous. Errors: other ranks
/// (`1D, 2D, 3D or 4D tensor expected`). Source: Torch7 nn.SoftMax.
class SoftMaxModule : public TensorModule {
 public:
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;

 protected:
  virtual const Slot<SoftMaxKernel>& forwardSlot() const = 0;
  virtual const Slot<SoftMaxGradientKernel>& gradientSlot() const = 0;
};

/// exp(x) / sum exp(x). Source: Torch7 nn.SoftMax.
class SoftMax : public SoftMaxModule {
 public:
  std::string typeName() const override { return "nn.SoftMax"; }

 protected:
  const Slot<SoftMaxKernel>& forwardSlot() const override { return softMaxSlot; }
  const Slot<SoftMaxGradientKernel>& gradientSlot() const override { return softMaxGradientSlot; }
};

/// x - log sum exp(x). Source: Torch7 nn.LogSoftMax.
class LogSoftMax : public SoftMaxModule {
 public:
  std::string typeName() const override { return "nn.LogSoftMax"; }

 protected:
  const Slot<SoftMaxKernel>& forwardSlot() const override { return logSoftMaxSlot; }
  const Slot<SoftMaxGradientKernel>& gradientSlot() const override { return logSoftMaxGradientSlot; }
};

/// The same operation under the name that image models use.
class SpatialSoftMax final : public SoftMax {
 public:
  std::string typeName() const override { return "nn.SpatialSoftMax"; }
};
class SpatialLogSoftMax final : public LogSoftMax {
 public:
  std::string typeName() const override { return "nn.SpatialLogSoftMax"; }
};

/// SoftMax of -x. Source: Torch7 nn.SoftMin.
class SoftMin final : public SoftMax {
 public:
  std::string typeName() const override { return "nn.SoftMin"; }
  Tensor updateOutput(const Tensor& input) override;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) override;
};

}  // namespace cresset::nn
