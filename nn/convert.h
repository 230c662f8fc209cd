// Conversion of whole networks to another tensor type.
#pragma once

#include <unordered_map>

#include "nn/Activity.h"
#include "nn/FieldVisitor.h"

namespace cresset::nn {

/// Converts tensors so that those which shared a storage, or were the same object, still do. One converter
/// used for several networks keeps what they share.
class TypeConverter final : public PartialFieldVisitor {
 public:
  explicit TypeConverter(Type type) : type_(type) {}

  /// The same object when it has the type already. Nil stays nil.
  Tensor operator()(const Tensor& x);
  /// Converts in place, tables entry by entry.
  void convert(Activity& activity);
  void convert(Module& module);
  void convert(Criterion& criterion);

 private:
  using PartialFieldVisitor::field;
  void field(const char* name, Tensor& value) override;
  void field(const char* name, Activity& value) override;
  void field(const char* name, ModulePtr& value) override;
  void field(const char* name, std::vector<ModulePtr>& value) override;
  void field(const char* name, CriterionPtr& value) override;
  void field(const char* name, std::vector<CriterionPtr>& value) override;

  Type type_;
  // The keys are kept alive as long as the converter: an address must not come back as another object.
  std::unordered_map<StorageImpl*, std::pair<Storage, Storage>> storages_;
  std::unordered_map<TensorImpl*, std::pair<Tensor, Tensor>> tensors_;
};

}  // namespace cresset::nn
