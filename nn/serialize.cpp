#include "nn/serialize.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "nn/registry.h"
#include "tensor/Error.h"

namespace cresset::nn {
namespace {

/// Deeper nesting than any network has; a hostile file must not exhaust the stack.
constexpr int kMaxDepth = 1000;

/// Builds C++ objects from the values of a document.
class Builder {
 public:
  ModulePtr module(const t7::Value& value, const std::string& place);
  CriterionPtr criterion(const t7::Value& value, const std::string& place);
  Activity activity(const t7::Value& value, const std::string& place);

 private:
  template <class Class, class Find>
  std::shared_ptr<Class> object(const t7::Value& value, const std::string& place, const char* expected,
                                Find find, std::unordered_map<const void*, std::shared_ptr<Class>>& known);

  std::unordered_map<const void*, ModulePtr> modules_;
  std::unordered_map<const void*, CriterionPtr> criterions_;
  std::unordered_map<const void*, Activity> tables_;
  int depth_ = 0;
  friend class FieldReader;
};

/// One level of nesting.
class Level {
 public:
  Level(int& depth, const std::string& place) : depth_(depth) {
    if (++depth_ > kMaxDepth) {
      --depth_;
      fail("nn::load", {"nested too deeply at ", place.substr(0, 60), "..."});
    }
  }
  ~Level() { --depth_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  int& depth_;
};

[[noreturn]] void failField(const std::string& place, const char* expected, const t7::Value& got) {
  fail("nn::load", {"expected ", expected, " at ", place, ", got ", got.typeName()});
}

std::string joined(const std::string& place, const std::string& field) {
  return place.empty() ? field : place + "." + field;
}

/// The values at the keys 1, 2, ... of a table.
std::vector<t7::Value> listOf(const t7::Table& table) {
  std::vector<t7::Value> list(table.pairs.size());
  size_t n = 0;
  for (const auto& [key, value] : table.pairs) {
    const double* number = key.get<double>();
    if (!number || !(*number >= 1) || !(*number <= static_cast<double>(list.size()))) continue;
    const auto i = static_cast<size_t>(*number);
    if (static_cast<double>(i) == *number) list[i - 1] = value;
  }
  while (n < list.size() && !list[n].isNil()) ++n;
  list.resize(n);
  return list;
}

/// Sets the fields of an object from the table that a file has for them.
class FieldReader final : public FieldVisitor {
 public:
  FieldReader(Builder& builder, const t7::Table& table, const std::string& place)
      : builder_(builder), place_(place) {
    for (const auto& [key, value] : table.pairs)
      if (const auto* name = key.get<std::string>()) values_[*name] = value;
  }

  using FieldVisitor::field;
  void field(const char* name, Tensor& value) override {
    const t7::Value& v = at(name);
    const Tensor* x = v.get<Tensor>();
    // Old buffers may be tables, where a class has a tensor today: they are made anew.
    if (!x && !v.isNil() && !v.table()) failField(joined(place_, name), "a tensor", v);
    value = x ? *x : Tensor();
  }
  void field(const char* name, Activity& value) override {
    value = builder_.activity(at(name), joined(place_, name));
  }
  void field(const char* name, double& value, double absent) override {
    value = number(name).value_or(absent);
  }
  void field(const char* name, int64_t& value, int64_t absent) override {
    const std::optional<double> v = number(name);
    value = v ? integer(name, *v) : absent;
  }
  void field(const char* name, bool& value, bool absent) override {
    const t7::Value& v = at(name);
    const bool* boolean = v.get<bool>();
    value = boolean     ? *boolean
            : v.isNil() ? absent
                        : true;  // everything but nil and false counts as true in Lua
  }
  void field(const char* name, std::string& value, const char* absent) override {
    const t7::Value& v = at(name);
    const auto* s = v.get<std::string>();
    value = s ? *s : absent;
  }
  void field(const char* name, std::optional<bool>& value) override {
    const bool* v = at(name).get<bool>();
    value = v ? std::optional(*v) : std::nullopt;
  }
  void field(const char* name, std::optional<int64_t>& value) override {
    const double* v = at(name).get<double>();
    value = v ? std::optional(integer(name, *v)) : std::nullopt;
  }
  void field(const char* name, std::optional<double>& value) override {
    const double* v = at(name).get<double>();
    value = v ? std::optional(*v) : std::nullopt;
  }
  void field(const char* name, std::optional<Shape>& value) override {
    const Storage* v = at(name).get<Storage>();
    value.reset();
    if (!v || v->type() != kLong) return;
    if (v->size() > kMaxDims)
      fail("nn::load", {"too many sizes at ", joined(place_, name), ": ", text(v->size())});
    value = Shape(Sizes(v->data<int64_t>(), v->size()));
  }
  void field(const char* name, Storage& value) override {
    const t7::Value& v = at(name);
    if (!v.isNil() && !v.get<Storage>()) failField(joined(place_, name), "a storage", v);
    value = v.isNil() ? Storage() : *v.get<Storage>();
  }
  void field(const char* name, ModulePtr& value) override {
    value = at(name).isNil() ? nullptr : builder_.module(at(name), joined(place_, name));
  }
  void field(const char* name, std::vector<ModulePtr>& value) override {
    value.clear();
    eachEntry(name, [&](const t7::Value& v, const std::string& place) {
      value.push_back(builder_.module(v, place));
    });
  }
  void field(const char* name, CriterionPtr& value) override {
    value = at(name).isNil() ? nullptr : builder_.criterion(at(name), joined(place_, name));
  }
  void field(const char* name, std::vector<CriterionPtr>& value) override {
    value.clear();
    eachEntry(name, [&](const t7::Value& v, const std::string& place) {
      value.push_back(builder_.criterion(v, place));
    });
  }

 private:
  const t7::Value& at(const char* name) const {
    static const t7::Value nil;
    const auto found = values_.find(name);
    return found == values_.end() ? nil : found->second;
  }
  std::optional<double> number(const char* name) const {
    const t7::Value& v = at(name);
    if (v.isNil()) return {};
    if (!v.get<double>()) failField(joined(place_, name), "a number", v);
    return *v.get<double>();
  }
  int64_t integer(const char* name, double v) const {
    constexpr double kLimit = 9e15;  // 2^53: beyond it a double has no units digit
    if (!(std::fabs(v) <= kLimit))
      fail("nn::load", {"expected an integer at ", joined(place_, name), ", got ", text(v)});
    return static_cast<int64_t>(v);
  }
  template <class Entry> void eachEntry(const char* name, const Entry& entry) const {
    const t7::Value& v = at(name);
    if (v.isNil()) return;
    if (!v.table()) failField(joined(place_, name), "a table", v);
    const std::vector<t7::Value> list = listOf(*v.table());
    for (size_t i = 0; i < list.size(); ++i)
      entry(list[i], joined(place_, name) + "[" + std::to_string(i + 1) + "]");
  }

  Builder& builder_;
  std::unordered_map<std::string, t7::Value> values_;
  std::string place_;
};

template <class Class, class Find>
std::shared_ptr<Class> Builder::object(const t7::Value& value, const std::string& place, const char* expected,
                                       Find find,
                                       std::unordered_map<const void*, std::shared_ptr<Class>>& known) {
  const t7::Object* object = value.object();
  const std::string where = place.empty() ? "the root" : place;
  if (!object) failField(where, expected, value);
  const auto [entry, isNew] = known.try_emplace(object, nullptr);
  if (!isNew) {
    if (!entry->second) fail("nn::load", {object->className, " at ", where, " contains itself"});
    return entry->second;
  }
  const auto* info = find(object->className);
  if (!info) fail("nn::load", {"unknown class ", object->className, " at ", where, ": expected ", expected});
  const Level level(depth_, where);
  std::shared_ptr<Class> result = info->blank();
  static const t7::Table empty;
  FieldReader reader(*this, object->fields ? *object->fields : empty, place);
  result->fields(reader);
  known[object] = result;
  return result;
}

ModulePtr Builder::module(const t7::Value& value, const std::string& place) {
  return object<Module>(
      value, place, "a module", [](const std::string& name) { return registry().findModule(name); },
      modules_);
}

CriterionPtr Builder::criterion(const t7::Value& value, const std::string& place) {
  return object<Criterion>(
      value, place, "a criterion", [](const std::string& name) { return registry().findCriterion(name); },
      criterions_);
}

Activity Builder::activity(const t7::Value& value, const std::string& place) {
  if (const Tensor* x = value.get<Tensor>()) return *x;
  if (const double* number = value.get<double>()) return *number;
  const t7::Table* table = value.table();
  if (!table) return {};  // nothing that flows between modules
  const auto [entry, isNew] = tables_.try_emplace(table);
  if (!isNew) {
    if (entry->second.isNil()) fail("nn::load", {"a table at ", place, " contains itself"});
    return entry->second;
  }
  const Level level(depth_, place);
  Activity result = Activity::list({});
  const std::vector<t7::Value> list = listOf(*table);
  for (size_t i = 0; i < list.size(); ++i)
    result.table()->list().push_back(activity(list[i], place + "[" + std::to_string(i + 1) + "]"));
  for (const auto& [key, item] : table->pairs)
    if (const auto* name = key.get<std::string>())
      if (const Activity named = activity(item, joined(place, *name)))
        result.table()->named().emplace_back(*name, named);
  tables_[table] = result;
  return result;
}

/// Writes fields into the table of an object. What occurs twice becomes one object.
class FieldWriter final : public FieldVisitor {
 public:
  explicit FieldWriter(t7::Document& document) : document_(document) {}

  t7::Value value(Module& module) {
    return object(module, version(registry().findModule(module.typeName())));
  }
  t7::Value value(Criterion& criterion) {
    return object(criterion, version(registry().findCriterion(criterion.typeName())));
  }

  using FieldVisitor::field;
  void field(const char* name, Tensor& value) override {
    if (value) set(name, value);
  }
  void field(const char* name, Activity& value) override { set(name, valueOfActivity(value)); }
  void field(const char* name, double& value, double) override { set(name, value); }
  void field(const char* name, int64_t& value, int64_t) override { set(name, value); }
  void field(const char* name, bool& value, bool) override { set(name, value); }
  void field(const char* name, std::string& value, const char*) override {
    if (!value.empty()) set(name, value);
  }
  void field(const char* name, std::optional<bool>& value) override {
    if (value) set(name, *value);
  }
  void field(const char* name, std::optional<int64_t>& value) override {
    if (value) set(name, *value);
  }
  void field(const char* name, std::optional<double>& value) override {
    if (value) set(name, *value);
  }
  void field(const char* name, std::optional<Shape>& value) override {
    if (!value) return;
    const Storage sizes(kLong, value->size());
    std::copy(value->begin(), value->end(), sizes.data<int64_t>());
    set(name, sizes);
  }
  void field(const char* name, Storage& value) override {
    if (value) set(name, value);
  }
  void field(const char* name, ModulePtr& value) override {
    if (value) set(name, this->value(*value));
  }
  void field(const char* name, std::vector<ModulePtr>& value) override { setList(name, value); }
  void field(const char* name, CriterionPtr& value) override {
    if (value) set(name, this->value(*value));
  }
  void field(const char* name, std::vector<CriterionPtr>& value) override { setList(name, value); }

 private:
  template <class Info> static double version(const Info* info) { return info ? info->version : 1; }

  template <class Class> t7::Value object(Class& self, double version) {
    t7::Object*& known = objects_[&self];
    if (known) return known;
    t7::Object* object = known = document_.newObject(self.typeName(), version);
    t7::Table* outer = fields_;
    fields_ = object->fields;
    self.fields(*this);
    fields_ = outer;
    return object;
  }

  void set(const char* name, t7::Value value) {
    if (!value.isNil()) fields_->set(name, std::move(value));
  }
  template <class Pointer> void setList(const char* name, const std::vector<Pointer>& list) {
    t7::Table* table = document_.newTable();
    for (const Pointer& entry : list) table->append(value(*entry));
    set(name, table);
  }
  t7::Value valueOfActivity(const Activity& activity) {
    if (activity.isTensor()) return activity.tensor();
    if (activity.isNumber()) return activity.number();
    if (!activity.isTable()) return {};
    t7::Table*& known = tables_[activity.table().get()];
    if (known) return known;
    t7::Table* table = known = document_.newTable();
    double key = 0;
    for (const Activity& entry : activity.table()->list())
      if (++key; entry) table->set(key, valueOfActivity(entry));
    for (const auto& [name, entry] : activity.table()->named()) table->set(name, valueOfActivity(entry));
    return table;
  }

  t7::Document& document_;
  t7::Table* fields_ = nullptr;
  std::unordered_map<const void*, t7::Object*> objects_;
  std::unordered_map<const void*, t7::Table*> tables_;
};

}  // namespace

ModulePtr moduleFrom(const t7::Value& value) { return Builder().module(value, ""); }
CriterionPtr criterionFrom(const t7::Value& value) { return Builder().criterion(value, ""); }
Activity activityFrom(const t7::Value& value) { return Builder().activity(value, ""); }

t7::Value valueOf(t7::Document& document, Module& module) { return FieldWriter(document).value(module); }
t7::Value valueOf(t7::Document& document, Criterion& criterion) {
  return FieldWriter(document).value(criterion);
}

ModulePtr load(const std::string& path, const t7::LoadOptions& options) {
  const t7::Document document = t7::load(path, options);
  try {
    return moduleFrom(document.root);
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

void save(const std::string& path, Module& module, const t7::SaveOptions& options) {
  t7::Document document;
  t7::save(path, valueOf(document, module), options);
}

ModulePtr clone(Module& module) {
  t7::Document document;
  return moduleFrom(t7::deserialize(t7::serialize(valueOf(document, module))).root);
}

}  // namespace cresset::nn
