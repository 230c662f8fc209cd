// C++ objects as Lua tables: the fields of a module or criterion are read from the table before a method
// runs, and what changed is written back after it.
#pragma once

#include <lua.hpp>
#include <string>
#include <vector>

#include "lua/activity.h"
#include "nn/Criterion.h"
#include "nn/FieldVisitor.h"
#include "nn/Module.h"

namespace cresset::lua {

/// A module that lives in a Lua table: the adapter through which C++ containers call whatever method the
/// table has, so that a method replaced on an instance or a class is the one that is called.
class LuaModule final : public nn::Module {
 public:
  /// Entry `index` of the table at absolute stack position `table`; valid while that frame runs.
  LuaModule(lua_State* L, int table, int index) : state_(L), table_(table), index_(index) {}
  /// The table at stack index i, for as long as this object lives.
  LuaModule(lua_State* L, int i) : state_(L), reference_(L, i) {}
  /// Points a borrowing adapter to another entry.
  void rebind(lua_State* L, int table, int index) {
    state_ = L;
    table_ = table;
    index_ = index;
  }
  void pushSelf(lua_State* L) const;
  /// True when it depends on the stack frame it was made in.
  bool isBorrowed() const { return table_ != 0; }
  /// Containers borrow their children; what other modules have is theirs alone.
  bool isContainerChild() const { return isBorrowed(); }

  std::string typeName() const override;
  nn::Activity updateOutput(const nn::Activity& input) override;
  nn::Activity updateGradInput(const nn::Activity& input, const nn::Activity& gradOutput) override;
  void accGradParameters(const nn::Activity& input, const nn::Activity& gradOutput, double scale) override;
  nn::Activity backward(const nn::Activity& input, const nn::Activity& gradOutput, double scale) override;
  void reset(std::optional<double> stdv) override;
  std::string toString() const override;
  nn::Activity currentOutput() const override { return field("output"); }
  nn::Activity currentGradInput() const override { return field("gradInput"); }
  void keepGradInput(const nn::Activity& gradient) override;
  nn::Parameters parameters() override;

 private:
  nn::Activity field(const char* name) const;
  lua_State* state_;
  int table_ = 0, index_ = 0;
  Reference reference_;
};

/// A criterion that lives in a Lua table.
class LuaCriterion final : public nn::Criterion {
 public:
  LuaCriterion(lua_State* L, int i) : state_(L), reference_(L, i) {}
  void pushSelf(lua_State* L) const { reference_.push(L); }
  bool isContainerChild() const { return false; }
  std::string typeName() const override;
  double updateOutput(const nn::Activity& input, const nn::Activity& target) override;
  nn::Activity updateGradInput(const nn::Activity& input, const nn::Activity& target) override;
  void setSizeAverage(bool value) override;

 private:
  lua_State* state_;
  Reference reference_;
};

/// Pushes the Lua table of a module or criterion; one that C++ made becomes a new instance of its class.
void pushModule(lua_State* L, const nn::ModulePtr& module);
void pushCriterion(lua_State* L, const nn::CriterionPtr& criterion);

/// Moves fields between a Lua table and a C++ object. `read` remembers what it saw, so that `write` sets only
/// what changed; `write` empties the object, which must not keep tensors alive between calls.
class Projection final : public nn::FieldVisitor {
 public:
  Projection(lua_State* L, int table, bool call) : state_(L), table_(table), call_(call) {}

  enum class Mode { Read, Write, Clear };
  template <class Object> void run(Mode mode, Object& object) {
    mode_ = mode;
    at_ = 0;
    object.fields(*this);
  }

  /// The field that the activity was written to, or null: the result of a method is often such a field.
  const char* fieldOf(const nn::Activity& result) const;

  bool isCall() const override { return call_; }
  void field(const char* name, Tensor& value) override;
  void field(const char* name, nn::Activity& value) override;
  void field(const char* name, double& value, double absent) override;
  void field(const char* name, int64_t& value, int64_t absent) override;
  void field(const char* name, bool& value, bool absent) override;
  void field(const char* name, std::string& value, const char* absent) override;
  void field(const char* name, std::optional<bool>& value) override;
  void field(const char* name, std::optional<int64_t>& value) override;
  void field(const char* name, std::optional<double>& value) override;
  void field(const char* name, std::optional<Shape>& value) override;
  void field(const char* name, Storage& value) override;
  void field(const char* name, nn::ModulePtr& value) override;
  void field(const char* name, std::vector<nn::ModulePtr>& value) override;
  void field(const char* name, nn::CriterionPtr& value) override;
  void field(const char* name, std::vector<nn::CriterionPtr>& value) override;

 private:
  /// What a field held when it was read.
  struct Seen {
    const char* name = nullptr;
    const void* object = nullptr;  // tensor, or activity table
    double number = 0;
    bool some = false;  // not nil
  };
  Seen& seen(const char* name);
  bool get(const char* name);  // pushes the field; pops it and gives false when it is nil
  void set(const char* name);  // pops the value into the field
  void clearField(const char* name, Seen& was);
  template <class T> void number(const char* name, T& value, T absent);
  template <class T> void optionalNumber(const char* name, std::optional<T>& value);
  template <class Pointer, class Read, class Push>
  void object(const char* name, Pointer& value, Read readTop, Push pushValue);
  template <class Pointer, class Push>
  void objects(const char* name, std::vector<Pointer>& value, Push pushOne);

  lua_State* state_;
  int table_;
  bool call_;
  Mode mode_ = Mode::Read;
  size_t at_ = 0;
  static constexpr size_t kInline = 24;
  Seen inline_[kInline];
  std::vector<Seen> more_;
  struct Written {
    const char* name;
    const void* object;
  };
  Written written_[4] = {};
  size_t writtenCount_ = 0;
};

}  // namespace cresset::lua
