// The one list of a class's fields is read by many: the Lua projection, .t7 reading and writing, conversion,
// printing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/Activity.h"

namespace cresset::nn {

class Module;
class Criterion;
using ModulePtr = std::shared_ptr<Module>;
using CriterionPtr = std::shared_ptr<Criterion>;

/// One overload for each kind of field. A visitor may read the field, or set it from somewhere else; when
/// there is nothing to set it from, it becomes `absent` (nil for tensors and optional fields). An optional
/// field that finds another kind of value becomes nil too: a class that accepts several kinds visits the name
/// once for each.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  /// True when the fields are visited for one call of updateOutput, updateGradInput or accGradParameters,
  /// which must be fast: fields that no computation reads need not be visited then.
  virtual bool isCall() const { return false; }

  virtual void field(const char* name, Tensor& value) = 0;
  virtual void field(const char* name, Activity& value) = 0;
  virtual void field(const char* name, double& value, double absent) = 0;
  virtual void field(const char* name, int64_t& value, int64_t absent) = 0;
  virtual void field(const char* name, bool& value, bool absent) = 0;
  virtual void field(const char* name, std::string& value, const char* absent) = 0;
  virtual void field(const char* name, std::optional<bool>& value) = 0;
  virtual void field(const char* name, std::optional<int64_t>& value) = 0;
  virtual void field(const char* name, std::optional<double>& value) = 0;
  /// A torch.LongStorage in Lua.
  virtual void field(const char* name, std::optional<Shape>& value) = 0;
  /// A torch storage, nil when it is none; only MultiCriterion has one. Visitors that do not care leave it
  /// alone.
  virtual void field(const char*, Storage&) {}
  virtual void field(const char* name, ModulePtr& value) = 0;
  virtual void field(const char* name, std::vector<ModulePtr>& value) = 0;
  virtual void field(const char* name, CriterionPtr& value) = 0;
  virtual void field(const char* name, std::vector<CriterionPtr>& value) = 0;

  FieldVisitor& operator()(const char* name, double& value, double absent = 0) {
    return field(name, value, absent), *this;
  }
  FieldVisitor& operator()(const char* name, int64_t& value, int64_t absent = 0) {
    return field(name, value, absent), *this;
  }
  FieldVisitor& operator()(const char* name, bool& value, bool absent = false) {
    return field(name, value, absent), *this;
  }
  FieldVisitor& operator()(const char* name, std::string& value, const char* absent = "") {
    return field(name, value, absent), *this;
  }
  template <class T> FieldVisitor& operator()(const char* name, T& value) {
    return field(name, value), *this;
  }
};

/// For visitors that look at some kinds of fields: the others are left as they are.
class PartialFieldVisitor : public FieldVisitor {
 public:
  using FieldVisitor::field;
  void field(const char*, Tensor&) override {}
  void field(const char*, Activity&) override {}
  void field(const char*, double&, double) override {}
  void field(const char*, int64_t&, int64_t) override {}
  void field(const char*, bool&, bool) override {}
  void field(const char*, std::string&, const char*) override {}
  void field(const char*, std::optional<bool>&) override {}
  void field(const char*, std::optional<int64_t>&) override {}
  void field(const char*, std::optional<double>&) override {}
  void field(const char*, std::optional<Shape>&) override {}
  void field(const char*, ModulePtr&) override {}
  void field(const char*, std::vector<ModulePtr>&) override {}
  void field(const char*, CriterionPtr&) override {}
  void field(const char*, std::vector<CriterionPtr>&) override {}
};

}  // namespace cresset::nn
