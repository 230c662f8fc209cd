// nn.JoinTable and nn.SplitTable: between one tensor and the table of its parts.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The entries of a table, joined along a dimension (from 1, or from the end when negative). With nInputDims,
/// the dimension is that of a sample, and a batch has one dimension more. Source: Torch7 nn.JoinTable.
class JoinTable final : public TableModule {
 public:
  explicit JoinTable(int64_t joined = 1, std::optional<int64_t> sampleDims = {});
  std::string typeName() const override { return "nn.JoinTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1;
  std::optional<int64_t> nInputDims;
  std::optional<Shape> size = Shape();  // of the last output

 private:
  const std::vector<Activity>& entries(const Activity& input) const;
};

/// The table of the slices of a tensor along a dimension, given as JoinTable's. The entries are views of the
/// input. Source: Torch7 nn.SplitTable.
class SplitTable final : public TableModule {
 public:
  explicit SplitTable(int64_t split = 1, std::optional<int64_t> sampleDims = {});
  std::string typeName() const override { return "nn.SplitTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t dimension = 1;
  std::optional<int64_t> nInputDims;
};

}  // namespace cresset::nn
