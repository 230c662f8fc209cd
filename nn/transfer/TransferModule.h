// The base of the modules that apply one function to each element.
#pragma once

#include "nn/Module.h"
#include "nn/transfer/kernels.h"

namespace cresset::nn {

/// y = f(x) for each element. In place, the output is the input's memory and gradInput is gradOutput's.
class TransferModule : public TensorModule {
 public:
  Tensor updateOutput(const Tensor& input) final;
  Tensor updateGradInput(const Tensor& input, const Tensor& gradOutput) final;

 protected:
  /// What the gradient is computed from.
  enum class Source { Input, Output };
  virtual Source source() const { return Source::Input; }
  virtual bool isInplace() const { return false; }
  /// y = f(x); both have one size, or are the same tensor.
  virtual void forward(const Tensor& y, const Tensor& x) const = 0;
  /// gx = f' gy, with f' from the input or the output.
  virtual void gradient(const Tensor& gx, const Tensor& gy, const Tensor& from) const = 0;
};

}  // namespace cresset::nn
