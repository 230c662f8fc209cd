// nn.SelectTable, nn.NarrowTable and nn.FlattenTable: tables made of entries of the input.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// One entry of a table, by its position (from 1, or from the end when negative) or by its key. The gradient
/// of the others is 0. Errors: `index does not exist in the input table`. Source: Torch7 nn.SelectTable.
class SelectTable final : public TableModule {
 public:
  SelectTable() : SelectTable(1) {}
  explicit SelectTable(int64_t position);
  explicit SelectTable(std::string name);
  std::string typeName() const override { return "nn.SelectTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  std::string toString() const override;

  std::optional<int64_t> index;
  std::string key;  // the field `index` when it is a string

 private:
  /// The selected entry of a table; throws Error when it has none such.
  Activity& entryOf(const Activity& table) const;
};

/// `length` entries from `offset` (from 1) on. The gradient of the others is 0. Source: Torch7
/// nn.NarrowTable.
class NarrowTable final : public TableModule {
 public:
  explicit NarrowTable(int64_t first = 1, int64_t count = 1);
  std::string typeName() const override { return "nn.NarrowTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

  int64_t offset = 1, length = 1;
};

/// The entries of nested tables in one table, depth first. Source: Torch7 nn.FlattenTable.
class FlattenTable final : public TableModule {
 public:
  FlattenTable();
  std::string typeName() const override { return "nn.FlattenTable"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;

 private:
  Activity inputMap_ = Activity::list({});  // Torch7's workspace `input_map`, kept for its files
};

}  // namespace cresset::nn
