#include "nn/convert.h"

#include "nn/Criterion.h"
#include "nn/Module.h"

namespace cresset::nn {

Tensor TypeConverter::operator()(const Tensor& x) {
  if (!x || x.type() == type_) return x;
  if (!x.hasStorage()) return Tensor(type_);
  auto& [kept, converted] = tensors_[x.impl()];
  if (kept) return converted;
  kept = x;
  auto& [from, to] = storages_[x.impl()->storage];
  if (!from) {
    from = x.storage();
    to = Storage(type_, from.size());
    if (from.size() > 0) Tensor(to, 0, {from.size()}).copy(Tensor(from, 0, {from.size()}));
  }
  converted = Tensor(type_);
  converted.set(to, x.storageOffset(), x.sizes(), x.strides());
  return converted;
}

void TypeConverter::convert(Activity& activity) {
  if (activity.isTensor()) activity = (*this)(activity.tensor());
  if (!activity.isTable()) return;
  for (Activity& entry : activity.table()->list()) convert(entry);
  for (auto& [key, entry] : activity.table()->named()) convert(entry);
}

void TypeConverter::convert(Module& module) {
  module.fields(*this);
  module.type_ = tensorTypeName(type_);
}

void TypeConverter::convert(Criterion& criterion) { criterion.fields(*this); }

void TypeConverter::field(const char*, Tensor& value) { value = (*this)(value); }
void TypeConverter::field(const char*, Activity& value) { convert(value); }
void TypeConverter::field(const char*, ModulePtr& value) {
  if (value) convert(*value);
}
void TypeConverter::field(const char*, std::vector<ModulePtr>& value) {
  for (const ModulePtr& module : value) convert(*module);
}
void TypeConverter::field(const char*, CriterionPtr& value) {
  if (value) convert(*value);
}
void TypeConverter::field(const char*, std::vector<CriterionPtr>& value) {
  for (const CriterionPtr& criterion : value) convert(*criterion);
}

}  // namespace cresset::nn
