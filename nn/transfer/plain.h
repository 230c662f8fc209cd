// The transfer modules without constants: Tanh, Sigmoid and the others of plain.def.
#pragma once

#include "nn/transfer/TransferModule.h"

namespace cresset::nn {

#define OPERATION(Class, name, from, help)                                                  \
  class Class final : public TransferModule {                                               \
   public:                                                                                  \
    std::string typeName() const override { return "nn." #Class; }                          \
                                                                                            \
   protected:                                                                               \
    Source source() const override { return Source::from; }                                 \
    void forward(const Tensor& y, const Tensor& x) const override;                          \
    void gradient(const Tensor& gx, const Tensor& gy, const Tensor& source) const override; \
  };
#define KERNEL OPERATION
#include "nn/transfer/plain.def"
#undef OPERATION
#undef KERNEL

}  // namespace cresset::nn
