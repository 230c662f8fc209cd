// nn.CAddTable, nn.CSubTable, nn.CMulTable and nn.CDivTable: entries of a table combined element by element.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// The base of the four: an input table of tensors of one size, an output tensor, a table of gradients.
class ArithmeticTable : public TableModule {
 public:
  Activity updateOutput(const Activity& input) final;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) final;

 protected:
  ArithmeticTable();
  virtual void combine(const Tensor& y, const std::vector<Tensor>& x) = 0;
  /// Fills gx, tensors of x's sizes.
  virtual void gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) = 0;
  virtual bool isInplace() const { return false; }

 private:
  /// The entries, checked to be tensors of one type and size.
  std::vector<Tensor> entries(const Activity& input) const;
};

/// The sum of the entries. In place, it is computed in the first one, and the gradients are gradOutput
/// itself. Source: Torch7 nn.CAddTable.
class CAddTable final : public ArithmeticTable {
 public:
  explicit CAddTable(bool isInplace = false);
  std::string typeName() const override { return "nn.CAddTable"; }
  void fields(FieldVisitor& visit) override;

  std::optional<bool> inplace;

 protected:
  void combine(const Tensor& y, const std::vector<Tensor>& x) override;
  void gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) override;
  bool isInplace() const override { return inplace.value_or(false); }
};

/// input[1] - input[2]. Source: Torch7 nn.CSubTable.
class CSubTable final : public ArithmeticTable {
 public:
  std::string typeName() const override { return "nn.CSubTable"; }

 protected:
  void combine(const Tensor& y, const std::vector<Tensor>& x) override;
  void gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) override;
};

/// The product of the entries. Each gradient multiplies the others anew: dividing the product would fail for
/// zeros. Source: Torch7 nn.CMulTable.
class CMulTable final : public ArithmeticTable {
 public:
  std::string typeName() const override { return "nn.CMulTable"; }

 protected:
  void combine(const Tensor& y, const std::vector<Tensor>& x) override;
  void gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) override;
};

/// input[1] / input[2]. Source: Torch7 nn.CDivTable.
class CDivTable final : public ArithmeticTable {
 public:
  std::string typeName() const override { return "nn.CDivTable"; }

 protected:
  void combine(const Tensor& y, const std::vector<Tensor>& x) override;
  void gradients(const std::vector<Tensor>& gx, const Tensor& gy, const std::vector<Tensor>& x) override;
};

}  // namespace cresset::nn
