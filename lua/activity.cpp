#include "lua/activity.h"

#include <utility>

#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

lua_State* mainThread(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, "cresset.main");
  auto* main = static_cast<lua_State*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  return main ? main : L;
}

/// Whether the value on top of the stack is what the entry stands for.
bool sameValue(lua_State* L, const nn::Activity& entry) {
  switch (entry.kind()) {
    case nn::Activity::Kind::Nil:
      return lua_isnil(L, -1);
    case nn::Activity::Kind::Tensor:
      return toTensor(L, -1) == entry.tensor().impl();
    case nn::Activity::Kind::Number:
      return lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) == entry.number();
    case nn::Activity::Kind::Table:
    case nn::Activity::Kind::Foreign:
      return false;  // pushed anew; the same Lua value comes out when it is one
  }
  return false;
}

nn::Activity toActivity(lua_State* L, int i, int depth) {
  if (TensorImpl* x = toTensor(L, i)) return Tensor::share(x);
  switch (lua_type(L, i)) {
    case LUA_TNUMBER:
      return lua_tonumber(L, i);
    case LUA_TTABLE:
      return std::shared_ptr<nn::ActivityTable>(std::make_shared<LuaTable>(L, i, depth));
    case LUA_TNIL:
    case LUA_TNONE:
      return {};
    default:
      return std::shared_ptr<nn::ForeignValue>(std::make_shared<LuaValue>(L, i));
  }
}

}  // namespace

Reference::Reference(lua_State* L, int i) : state_(mainThread(L)) {
  lua_pushvalue(L, i);
  ref_ = luaL_ref(L, LUA_REGISTRYINDEX);
}
Reference::Reference(Reference&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)), ref_(std::exchange(other.ref_, LUA_NOREF)) {}
Reference& Reference::operator=(Reference&& other) noexcept {
  std::swap(state_, other.state_);
  std::swap(ref_, other.ref_);
  return *this;
}
Reference::~Reference() {
  if (state_) luaL_unref(state_, LUA_REGISTRYINDEX, ref_);
}
void Reference::push(lua_State* L) const { lua_rawgeti(L, LUA_REGISTRYINDEX, ref_); }

void LuaTable::load() {
  constexpr int kMaxDepth = 250;
  if (depth_ > kMaxDepth)
    fail("nn", {"tables nested deeper than ", text(int64_t{kMaxDepth}), "; does one contain itself?"});
  if (std::exchange(loaded_, true)) return;
  lua_State* L = state_;
  luaL_checkstack(L, 6, "nested tables");
  table_.push(L);
  const auto n = static_cast<int>(lua_objlen(L, -1));
  list_.reserve(static_cast<size_t>(n));
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(L, -1, i);
    list_.push_back(toActivity(L, lua_gettop(L), depth_ + 1));
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    if (lua_type(L, -2) == LUA_TSTRING)
      named_.emplace_back(lua_tostring(L, -2), toActivity(L, lua_gettop(L), depth_ + 1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

void LuaTable::push(lua_State* L) {
  luaL_checkstack(L, 6, "nested tables");
  table_.push(L);
  if (!loaded_) return;
  const auto write = [&](const nn::Activity& entry, auto get, auto set) {
    get();
    const bool same = sameValue(L, entry);
    lua_pop(L, 1);
    if (same) return;
    lua::push(L, entry);
    set();
  };
  const int table = lua_gettop(L);
  const auto old = static_cast<int>(lua_objlen(L, table));
  for (int i = 1; i <= static_cast<int>(list_.size()); ++i)
    write(
        list_[static_cast<size_t>(i - 1)], [&] { lua_rawgeti(L, table, i); },
        [&] { lua_rawseti(L, table, i); });
  for (int i = old; i > static_cast<int>(list_.size()); --i) {
    lua_pushnil(L);
    lua_rawseti(L, table, i);
  }
  for (const auto& [key, entry] : named_)
    write(
        entry, [&, k = key.c_str()] { lua_getfield(L, table, k); },
        [&, k = key.c_str()] { lua_setfield(L, table, k); });
}

LuaValue::LuaValue(lua_State* L, int i) : value_(L, i), kindName_(lua::kindName(L, i)) {}

nn::Activity toActivity(lua_State* L, int i) { return toActivity(L, i, 0); }

void push(lua_State* L, const nn::Activity& activity) {
  switch (activity.kind()) {
    case nn::Activity::Kind::Nil:
      return lua_pushnil(L);
    case nn::Activity::Kind::Tensor:
      return push(L, activity.tensor());
    case nn::Activity::Kind::Number:
      return lua_pushnumber(L, activity.number());
    case nn::Activity::Kind::Foreign:
      if (const auto* value = dynamic_cast<const LuaValue*>(activity.foreign().get())) return value->push(L);
      return lua_pushnil(L);
    case nn::Activity::Kind::Table:
      break;
  }
  if (auto* table = dynamic_cast<LuaTable*>(activity.table().get())) return table->push(L);
  luaL_checkstack(L, 4, "nested tables");
  lua_newtable(L);
  int i = 0;
  for (const nn::Activity& entry : activity.table()->list()) {
    push(L, entry);
    lua_rawseti(L, -2, ++i);
  }
  for (const auto& [key, entry] : activity.table()->named()) {
    push(L, entry);
    lua_setfield(L, -2, key.c_str());
  }
}

}  // namespace cresset::lua
