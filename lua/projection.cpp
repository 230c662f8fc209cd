#include "lua/projection.h"

#include "lua/callback.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/dispatch.h"

namespace cresset::lua {

// LuaModule

void LuaModule::pushSelf(lua_State* L) const {
  if (table_)
    lua_rawgeti(L, table_, index_);
  else
    reference_.push(L);
}

std::string LuaModule::typeName() const {
  pushSelf(state_);
  std::string name = kindName(state_, lua_gettop(state_));
  lua_pop(state_, 1);
  return name;
}

nn::Activity LuaModule::field(const char* name) const {
  pushSelf(state_);
  lua_getfield(state_, -1, name);
  nn::Activity value = toActivity(state_, lua_gettop(state_));
  lua_pop(state_, 2);
  return value;
}

void LuaModule::keepGradInput(const nn::Activity& gradient) {
  pushSelf(state_);
  // The same tensor keeps its userdata, which scripts may hold.
  lua_getfield(state_, -1, "gradInput");
  const bool same = gradient.isTensor() && toTensor(state_, -1) == gradient.tensor().impl();
  lua_pop(state_, 1);
  if (!same) {
    push(state_, gradient);
    lua_setfield(state_, -2, "gradInput");
  }
  lua_pop(state_, 1);
}

nn::Activity LuaModule::updateOutput(const nn::Activity& input) {
  Callback call(state_, *this, "updateOutput");
  push(state_, input);
  return call.onlyActivity(1);
}

nn::Activity LuaModule::updateGradInput(const nn::Activity& input, const nn::Activity& gradOutput) {
  Callback call(state_, *this, "updateGradInput");
  push(state_, input);
  push(state_, gradOutput);
  return call.onlyActivity(2);
}

void LuaModule::accGradParameters(const nn::Activity& input, const nn::Activity& gradOutput, double scale) {
  Callback call(state_, *this, "accGradParameters");
  push(state_, input);
  push(state_, gradOutput);
  lua_pushnumber(state_, scale);
  call.onlyActivity(3);
}

nn::Activity LuaModule::backward(const nn::Activity& input, const nn::Activity& gradOutput, double scale) {
  Callback call(state_, *this, "backward");
  push(state_, input);
  push(state_, gradOutput);
  lua_pushnumber(state_, scale);
  return call.onlyActivity(3);
}

void LuaModule::reset(std::optional<double> stdv) {
  Callback call(state_, *this, "reset");
  if (stdv)
    lua_pushnumber(state_, *stdv);
  else
    lua_pushnil(state_);
  call.run(1, 0);
}

std::string LuaModule::toString() const {
  const Nesting nesting;
  lua_State* L = state_;
  luaL_checkstack(L, 3, "nested modules");
  lua_getglobal(L, "tostring");
  pushSelf(L);
  lua_call(L, 1, 1);
  std::string text = lua_tostring(L, -1) ? lua_tostring(L, -1) : "";
  lua_pop(L, 1);
  return text;
}

nn::Parameters LuaModule::parameters() {
  lua_State* L = state_;
  nn::Parameters result;
  Callback call(L, *this, "parameters");
  call.run(0, 2);
  const int top = lua_gettop(L);
  const auto read = [&](int table, std::vector<Tensor>& to) {
    if (!lua_istable(L, table)) return;
    const auto n = static_cast<int>(lua_objlen(L, table));
    for (int i = 1; i <= n; ++i) {
      lua_rawgeti(L, table, i);
      to.push_back(checkTensor(L, lua_gettop(L), "parameters"));
      lua_pop(L, 1);
    }
  };
  read(top - 1, result.weights);
  read(top, result.gradients);
  return result;
}

// LuaCriterion

std::string LuaCriterion::typeName() const {
  pushSelf(state_);
  std::string name = kindName(state_, lua_gettop(state_));
  lua_pop(state_, 1);
  return name;
}

double LuaCriterion::updateOutput(const nn::Activity& input, const nn::Activity& target) {
  Callback call(state_, *this, "updateOutput");
  push(state_, input);
  push(state_, target);
  return output = call.activity(2).number("criterion", arg(1, "loss"));
}

nn::Activity LuaCriterion::updateGradInput(const nn::Activity& input, const nn::Activity& target) {
  Callback call(state_, *this, "updateGradInput");
  push(state_, input);
  push(state_, target);
  return gradInput = call.activity(2);
}

void LuaCriterion::setSizeAverage(bool value) {
  pushSelf(state_);
  lua_pushboolean(state_, value);
  lua_setfield(state_, -2, "sizeAverage");
  lua_pop(state_, 1);
}

// C++ objects as new tables

namespace {

/// Pushes a new instance of a class, without calling its __init.
void pushInstance(lua_State* L, const std::string& typeName) {
  lua_getfield(L, LUA_REGISTRYINDEX, "cresset.factory");
  push(L, typeName);
  lua_call(L, 1, 1);
  if (lua_isnil(L, -1)) fail("nn", {"class ", typeName, " is not known to Lua"});
  lua_call(L, 0, 1);
}

template <class Adapter, class Object>
void pushObjectTable(lua_State* L, const std::shared_ptr<Object>& object) {
  if (!object) return lua_pushnil(L);
  if (const auto* adapter = dynamic_cast<const Adapter*>(object.get())) return adapter->pushSelf(L);
  luaL_checkstack(L, 12, "nested modules");
  pushInstance(L, object->typeName());
  Projection projection(L, lua_gettop(L), false);
  projection.run(Projection::Mode::Write, *object);
}

}  // namespace

void pushModule(lua_State* L, const nn::ModulePtr& module) { pushObjectTable<LuaModule>(L, module); }
void pushCriterion(lua_State* L, const nn::CriterionPtr& criterion) {
  pushObjectTable<LuaCriterion>(L, criterion);
}

// Projection

Projection::Seen& Projection::seen(const char* name) {
  const size_t i = at_++;
  if (i >= kInline && more_.size() <= i - kInline) more_.resize(i - kInline + 1);
  Seen& entry = i < kInline ? inline_[i] : more_[i - kInline];
  // An object may visit other fields after a call than before it; what was not read counts as nil.
  if (entry.name != name) entry = {name, nullptr, 0, false};
  return entry;
}

bool Projection::get(const char* name) {
  lua_getfield(state_, table_, name);
  if (!lua_isnil(state_, -1)) return true;
  lua_pop(state_, 1);
  return false;
}

void Projection::set(const char* name) { lua_setfield(state_, table_, name); }

void Projection::clearField(const char* name, Seen& was) {
  if (!was.some) return;
  lua_pushnil(state_);
  set(name);
}

namespace {

// What tells whether a field still holds the same object.
const void* address(const Tensor& value) { return value.impl(); }
const void* address(const Storage& value) { return value.impl(); }
template <class T> const void* address(const std::shared_ptr<T>& value) { return value.get(); }

}  // namespace

template <class Pointer, class Read, class Push>
void Projection::object(const char* name, Pointer& value, Read readTop, Push pushValue) {
  Seen& was = seen(name);
  if (mode_ == Mode::Read) {
    value = Pointer();
    was = {name, nullptr, 0, false};
    if (!get(name)) return;
    value = readTop(lua_gettop(state_));
    was.object = address(value);
    was.some = was.object != nullptr;
    lua_pop(state_, 1);
    return;
  }
  if (mode_ == Mode::Write && address(value) != was.object) {
    if (value) {
      pushValue();
      set(name);
    } else {
      clearField(name, was);
    }
  }
  value = Pointer();
}

void Projection::field(const char* name, Tensor& value) {
  if (mode_ == Mode::Write && writtenCount_ < 4 && value) written_[writtenCount_++] = {name, value.impl()};
  object(
      name, value,
      [this, name](int i) {
        TensorImpl* x = toTensor(state_, i);
        // In a call: other methods may look at a module that is half made.
        if (!x && call_) fail("field", {name, ": expected a tensor, got ", kindName(state_, i)});
        return x ? Tensor::share(x) : Tensor();
      },
      [&] { push(state_, value); });
}

void Projection::field(const char* name, nn::Activity& value) {
  Seen& was = seen(name);
  if (mode_ == Mode::Read) {
    value = {};
    was = {name, nullptr, 0, false};
    if (!get(name)) return;
    value = toActivity(state_, lua_gettop(state_));
    was.some = true;
    if (value.isTensor()) was.object = value.tensor().impl();
    lua_pop(state_, 1);
    return;
  }
  if (mode_ == Mode::Write) {
    const void* object =
        value.isTensor() ? static_cast<const void*>(value.tensor().impl()) : value.table().get();
    if (writtenCount_ < 4 && object) written_[writtenCount_++] = {name, object};
    if (!value) {
      clearField(name, was);
    } else if (!value.isTensor() || object != was.object) {
      push(state_, value);
      set(name);
    }
  }
  value = {};
}

const char* Projection::fieldOf(const nn::Activity& result) const {
  const void* object =
      result.isTensor() ? static_cast<const void*>(result.tensor().impl()) : result.table().get();
  for (size_t i = 0; object && i < writtenCount_; ++i)
    if (written_[i].object == object) return written_[i].name;
  return nullptr;
}

template <class T> void Projection::number(const char* name, T& value, T absent) {
  Seen& was = seen(name);
  if (mode_ == Mode::Read) {
    value = absent;
    was = {name, nullptr, 0, false};
    if (!get(name)) return;
    if constexpr (std::is_same_v<T, bool>) {
      value = lua_toboolean(state_, -1) != 0;
      was.some = lua_isboolean(state_, -1);
    } else {
      was.some = lua_isnumber(state_, -1) != 0;
      if (was.some) value = fromDouble<T>(lua_tonumber(state_, -1));
    }
    was.number = static_cast<double>(value);
    lua_pop(state_, 1);
  } else if (mode_ == Mode::Write && (!was.some || was.number != static_cast<double>(value))) {
    // In a call a field that was absent and still has its default stays absent.
    if (call_ && !was.some && value == absent) return;
    if constexpr (std::is_same_v<T, bool>)
      lua_pushboolean(state_, value);
    else
      lua_pushnumber(state_, static_cast<double>(value));
    set(name);
  }
}

void Projection::field(const char* name, double& value, double absent) { number(name, value, absent); }
void Projection::field(const char* name, int64_t& value, int64_t absent) { number(name, value, absent); }
void Projection::field(const char* name, bool& value, bool absent) { number(name, value, absent); }

template <class T> void Projection::optionalNumber(const char* name, std::optional<T>& value) {
  Seen& was = seen(name);
  constexpr bool kBoolean = std::is_same_v<T, bool>;
  if (mode_ == Mode::Read) {
    value.reset();
    was = {name, nullptr, 0, false};
    if (!get(name)) return;
    if constexpr (kBoolean) {
      if (lua_isboolean(state_, -1)) value = lua_toboolean(state_, -1) != 0;
    } else {
      if (lua_type(state_, -1) == LUA_TNUMBER) value = fromDouble<T>(lua_tonumber(state_, -1));
    }
    was.some = value.has_value();
    if (value) was.number = static_cast<double>(*value);
    lua_pop(state_, 1);
    return;
  }
  if (mode_ == Mode::Write) {
    if (!value) {
      clearField(name, was);
    } else if (!was.some || was.number != static_cast<double>(*value)) {
      if constexpr (kBoolean)
        lua_pushboolean(state_, *value);
      else
        lua_pushnumber(state_, static_cast<double>(*value));
      set(name);
    }
  }
}

void Projection::field(const char* name, std::optional<bool>& value) { optionalNumber(name, value); }
void Projection::field(const char* name, std::optional<int64_t>& value) { optionalNumber(name, value); }
void Projection::field(const char* name, std::optional<double>& value) { optionalNumber(name, value); }

void Projection::field(const char* name, std::string& value, const char* absent) {
  if (mode_ == Mode::Read) {
    value = absent;
    if (!get(name)) return;
    if (lua_type(state_, -1) == LUA_TSTRING) value = lua_tostring(state_, -1);
    lua_pop(state_, 1);
  } else if (mode_ == Mode::Write) {
    push(state_, value);
    set(name);
  }
}

void Projection::field(const char* name, std::optional<Shape>& value) {
  Seen& was = seen(name);
  if (mode_ == Mode::Read) {
    value.reset();
    was = {name, nullptr, 0, false};
    if (!get(name)) return;
    const StorageImpl* s = toStorage(state_, -1);
    if (s && s->type == kLong && s->size <= kMaxDims) {
      value = Shape(Sizes(static_cast<const int64_t*>(s->data), s->size));
      was.some = true;
      was.object = s;
    }
    lua_pop(state_, 1);
    return;
  }
  if (mode_ != Mode::Write) return;
  if (!value) return clearField(name, was);
  if (was.some && get(name)) {  // the storage that is there takes the numbers: scripts may hold it
    StorageImpl* s = toStorage(state_, -1);
    const bool reusable = s && s->type == kLong && s->size == value->size();
    if (reusable) std::copy(value->begin(), value->end(), static_cast<int64_t*>(s->data));
    lua_pop(state_, 1);
    if (reusable) return;
  }
  push(state_, static_cast<Sizes>(*value));
  set(name);
}

void Projection::field(const char* name, Storage& value) {
  object(
      name, value,
      [this](int i) {
        StorageImpl* s = toStorage(state_, i);
        return s ? Storage::share(s) : Storage();
      },
      [&] { push(state_, value); });
}

void Projection::field(const char* name, nn::ModulePtr& value) {
  object(
      name, value,
      [this](int i) {
        return lua_istable(state_, i) ? std::make_shared<LuaModule>(state_, i) : nn::ModulePtr();
      },
      [&] { pushModule(state_, value); });
}

void Projection::field(const char* name, nn::CriterionPtr& value) {
  object(
      name, value,
      [this](int i) {
        return lua_istable(state_, i) ? std::make_shared<LuaCriterion>(state_, i) : nn::CriterionPtr();
      },
      [&] { pushCriterion(state_, value); });
}

template <class Pointer, class Push>
void Projection::objects(const char* name, std::vector<Pointer>& value, Push pushOne) {
  // Outside calls: the list in Lua becomes what C++ has, entry by entry.
  bool isThere = get(name);
  if (isThere && !lua_istable(state_, -1)) {
    lua_pop(state_, 1);
    if (value.empty()) return;  // what a script or a file put there stays
    isThere = false;
  }
  if (!isThere) {
    lua_newtable(state_);
    lua_pushvalue(state_, -1);
    set(name);
  }
  const int list = lua_gettop(state_);
  // All entries first: an adapter may stand for an entry that is about to be overwritten.
  luaL_checkstack(state_, static_cast<int>(value.size()) + 4, "too many children");
  for (const Pointer& entry : value) pushOne(entry);
  for (auto i = static_cast<int>(value.size()); i >= 1; --i) lua_rawseti(state_, list, i);
  for (auto i = static_cast<int>(lua_objlen(state_, list)); i > static_cast<int>(value.size()); --i) {
    lua_pushnil(state_);
    lua_rawseti(state_, list, i);
  }
  lua_settop(state_, list - 1);
}

void Projection::field(const char* name, std::vector<nn::ModulePtr>& value) {
  if (mode_ == Mode::Read) {
    if (!get(name)) return value.clear();
    if (!lua_istable(state_, -1)) {
      if (call_) fail("field", {name, ": expected a table, got ", kindName(state_, lua_gettop(state_))});
      return value.clear();
    }
    // The list stays on the stack while the method runs; adapters of an earlier call are pointed to it.
    const int list = lua_gettop(state_);
    const auto n = static_cast<int>(lua_objlen(state_, list));
    value.resize(static_cast<size_t>(n));
    for (int i = 1; i <= n; ++i) {
      auto& entry = value[static_cast<size_t>(i - 1)];
      auto* adapter = entry && entry.use_count() == 1 ? dynamic_cast<LuaModule*>(entry.get()) : nullptr;
      if (adapter && adapter->isBorrowed()) {
        adapter->rebind(state_, list, i);
      } else {
        entry = std::make_shared<LuaModule>(state_, list, i);
      }
    }
    return;
  }
  if (mode_ == Mode::Write && !call_)
    objects(name, value, [&](const nn::ModulePtr& m) { pushModule(state_, m); });
  // Borrowing adapters hold nothing and wait for the next call.
  for (const auto& entry : value) {
    const auto* adapter = dynamic_cast<const LuaModule*>(entry.get());
    if (adapter && adapter->isBorrowed()) continue;
    value.clear();
    break;
  }
}

void Projection::field(const char* name, std::vector<nn::CriterionPtr>& value) {
  if (mode_ == Mode::Read) {
    value.clear();
    if (!get(name)) return;
    const int list = lua_gettop(state_);
    const bool isTable = lua_istable(state_, list);
    if (call_ && !isTable) fail("field", {name, ": expected a table, got ", kindName(state_, list)});
    const int n = isTable ? static_cast<int>(lua_objlen(state_, list)) : 0;
    for (int i = 1; i <= n; ++i) {
      lua_rawgeti(state_, list, i);
      value.push_back(std::make_shared<LuaCriterion>(state_, lua_gettop(state_)));
      lua_pop(state_, 1);
    }
    lua_pop(state_, 1);
    return;
  }
  if (mode_ == Mode::Write && !call_)
    objects(name, value, [&](const nn::CriterionPtr& c) { pushCriterion(state_, c); });
  value.clear();
}

}  // namespace cresset::lua
