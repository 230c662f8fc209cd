// Activities between Lua and C++: tensors, numbers, tables of them, and whatever else a script hands on.
#pragma once

#include <lua.hpp>
#include <memory>

#include "nn/Activity.h"

namespace cresset::lua {

/// A value kept from the collector for as long as this object lives.
class Reference {
 public:
  Reference() = default;
  /// Takes the value at index i.
  Reference(lua_State* L, int i);
  Reference(Reference&& other) noexcept;
  Reference& operator=(Reference&& other) noexcept;
  ~Reference();
  /// Pushes the value onto the stack of any thread of the same state.
  void push(lua_State* L) const;
  explicit operator bool() const { return state_ != nullptr; }

 private:
  lua_State* state_ = nullptr;  // the main thread: coroutines come and go
  int ref_ = LUA_NOREF;
};

/// A Lua table as an activity: read when C++ looks inside, and handed back as the same table.
class LuaTable final : public nn::ActivityTable {
 public:
  /// The table at index i, which is inside `depth` other tables.
  LuaTable(lua_State* L, int i, int depth = 0) : state_(L), table_(L, i), depth_(depth) {}
  /// Pushes the table, after writing back the entries that C++ changed.
  void push(lua_State* L);

 private:
  void load() override;
  lua_State* state_;
  Reference table_;
  int depth_;
  bool loaded_ = false;
};

/// A Lua value of a kind that C++ does not look into.
class LuaValue final : public nn::ForeignValue {
 public:
  LuaValue(lua_State* L, int i);
  std::string kindName() const override { return kindName_; }
  void push(lua_State* L) const { value_.push(L); }

 private:
  Reference value_;
  std::string kindName_;
};

/// The activity at index i.
nn::Activity toActivity(lua_State* L, int i);
void push(lua_State* L, const nn::Activity& activity);

}  // namespace cresset::lua
