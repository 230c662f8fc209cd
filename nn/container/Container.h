// The base of all modules that hold other modules.
#pragma once

#include "nn/Module.h"

namespace cresset::nn {

/// A list of modules; subclasses say how they are joined. An error of a child leaves as a ModuleError.
/// Source: Torch7 nn.Container.
class Container : public TableModule {
 public:
  std::string typeName() const override { return "nn.Container"; }
  Activity updateOutput(const Activity& input) override;
  Activity updateGradInput(const Activity& input, const Activity& gradOutput) override;
  void fields(FieldVisitor& visit) override;
  void reset(std::optional<double> stdv = {}) override;
  Parameters parameters() override;
  std::vector<ModulePtr> children() const override { return modules; }

  /// Appends a module. Throws Error when it is null.
  virtual void add(ModulePtr module);

  std::vector<ModulePtr> modules;

 protected:
  /// The entry of a table argument for child i. Throws Error when there are fewer entries than children.
  const Activity& part(const Activity& whole, Arg argument, size_t i) const;
  /// The children as Torch7 draws them side by side, below a header with the type name.
  std::string branchesToString() const;
};

/// `text` with `indent` after each of its newlines.
std::string indented(const std::string& text, const std::string& indent);

}  // namespace cresset::nn
