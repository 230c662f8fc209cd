// nn.MM and nn.MV: matrix products of the two entries of a table.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// A B, or A' B and so on, for matrices or batches of matrices. Errors: `matrix sizes do not match`.
/// Source: Torch7 nn.MM.
class MM final : public TableModule {
 public:
  explicit MM(bool isTransposedA = false, bool isTransposedB = false);
  std::string typeName() const override { return "nn.MM"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  bool transA = false, transB = false;
};

/// M v, or M' v, for a matrix and a vector or batches of them. Source: Torch7 nn.MV.
class MV final : public TableModule {
 public:
  explicit MV(bool isTransposed = false);
  std::string typeName() const override { return "nn.MV"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  bool trans = false;
};

}  // namespace cresset::nn
