#include "lua/nn.h"

#include <memory>
#include <string>
#include <vector>

#include "lua/callback.h"
#include "lua/projection.h"
#include "lua/stack.h"
#include "nn/registry.h"
#include "tensor/Error.h"
#include "tensor/Generator.h"
#include "tensor/dispatch.h"

namespace cresset::lua {
namespace {

/// The arguments of a constructor or method, behind `self`.
class StackArguments final : public nn::Arguments {
 public:
  StackArguments(lua_State* L, const char* name) : state_(L), name_(name), count_(lua_gettop(L) - 1) {}

  using Arguments::boolean;
  using Arguments::integer;
  using Arguments::number;
  int count() const override { return count_; }
  bool isNil(int position) const override { return position > count_ || lua_isnil(state_, position + 1); }
  bool isTensor(int position) const override { return toTensor(state_, position + 1) != nullptr; }
  bool isBoolean(int position) const override { return lua_isboolean(state_, position + 1); }
  bool isNumber(int position) const override { return lua_isnumber(state_, position + 1) != 0; }

  int64_t integer(int position, const char* name) const override {
    return fromDouble<int64_t>(number(position, name));
  }
  double number(int position, const char* name) const override {
    if (!isNumber(position)) failKind(position, name, "number");
    return lua_tonumber(state_, position + 1);
  }
  bool boolean(int position, const char* name) const override {
    if (!isBoolean(position)) failKind(position, name, "boolean");
    return lua_toboolean(state_, position + 1) != 0;
  }
  std::string string(int position, const char* name) const override {
    if (lua_type(state_, position + 1) != LUA_TSTRING) failKind(position, name, "string");
    return lua_tostring(state_, position + 1);
  }
  Tensor tensor(int position, const char* name) const override {
    TensorImpl* x = toTensor(state_, position + 1);
    if (!x) failKind(position, name, "tensor");
    return Tensor::share(x);
  }
  nn::ModulePtr module(int position, const char* name) const override {
    if (!lua_istable(state_, position + 1)) failKind(position, name, "module");
    return std::make_shared<LuaModule>(state_, position + 1);
  }
  nn::CriterionPtr criterion(int position, const char* name) const override {
    if (!lua_istable(state_, position + 1)) failKind(position, name, "criterion");
    return std::make_shared<LuaCriterion>(state_, position + 1);
  }
  Shape sizes(int position, const char*) const override { return checkSizes(state_, position + 1, name_); }
  nn::Activity activity(int position, const char*) const override { return toActivity(state_, position + 1); }

 private:
  [[noreturn]] void failKind(int position, const char* name, const char* expected) const {
    fail(name_, arg(position, name), {"expected ", expected, ", got ", kindName(state_, position + 1)});
  }
  lua_State* state_;
  const char* name_;
  int count_;  // of the call: projecting a container leaves its list of children on the stack
};

/// Objects of one class that wait to be filled with the fields of a table; a call inside a call takes another
/// one.
template <class Base> struct Pool {
  const nn::ClassInfo<Base>* info;
  std::vector<std::shared_ptr<Base>> free;
};

/// One C++ object with the fields of the Lua table at index 1, for the time of one method.
template <class Base> class Projected {
 public:
  Projected(lua_State* L, Pool<Base>& pool, bool call) : pool_(pool), projection_(L, 1, call) {
    if (!lua_istable(L, 1))
      fail(pool.info->name, {"expected an object of the class as first argument, got ", kindName(L, 1)});
    luaL_checkstack(L, 20, "nested modules");
    if (pool_.free.empty()) {
      object_ = pool_.info->blank();
    } else {
      object_ = std::move(pool_.free.back());
      pool_.free.pop_back();
    }
    projection_.run(Projection::Mode::Read, *object_);
  }
  ~Projected() {
    if (!written_) projection_.run(Projection::Mode::Clear, *object_);
    pool_.free.push_back(std::move(object_));
  }
  Base& operator*() const { return *object_; }
  Base* operator->() const { return object_.get(); }
  /// Writes back what the method changed.
  void write() {
    written_ = true;
    projection_.run(Projection::Mode::Write, *object_);
  }
  /// Pushes a method's result: the very value of the field that it was written to, where it was.
  void pushResult(lua_State* L, const nn::Activity& result) {
    if (const char* field = projection_.fieldOf(result)) {
      lua_getfield(L, 1, field);
    } else {
      push(L, result);
    }
  }

 private:
  Pool<Base>& pool_;
  Projection projection_;
  std::shared_ptr<Base> object_;
  bool written_ = false;
};

template <class Base> Pool<Base>& poolOf(lua_State* L) {
  return *static_cast<Pool<Base>*>(lua_touserdata(L, lua_upvalueindex(1)));
}

int reset(lua_State* L);

/// Whether the module at index 1 has a `reset` other than C++'s: a class derived in Lua may, or a script put
/// its own into the class.
bool hasOwnReset(lua_State* L) {
  lua_getfield(L, 1, "reset");
  const bool isOwn = lua_isfunction(L, -1) && lua_tocfunction(L, -1) != reset;
  lua_pop(L, 1);
  return isOwn;
}

/// Fills a table with a new object, whose parameters are drawn by the `reset` that the table has.
void fill(lua_State* L, const nn::ModuleClass& info) {
  const bool ownReset = hasOwnReset(L);
  const Generator::State before = ownReset ? defaultGenerator().state() : Generator::State();
  const nn::ModulePtr object = info.construct(StackArguments(L, info.name));
  const bool hasParameters = ownReset && !object->parameters().weights.empty();
  Projection(L, 1, false).run(Projection::Mode::Write, *object);
  if (!hasParameters) return;
  defaultGenerator().state() = before;  // the draws of C++'s reset did not take place
  lua_getfield(L, 1, "reset");
  lua_pushvalue(L, 1);
  lua_call(L, 1, 0);
}

void fill(lua_State* L, const nn::CriterionClass& info) {
  const nn::CriterionPtr object = info.construct(StackArguments(L, info.name));
  Projection(L, 1, false).run(Projection::Mode::Write, *object);
}

template <class Base> int construct(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    const Pool<Base>& pool = poolOf<Base>(state);
    if (!lua_istable(state, 1))
      fail(pool.info->name, {"expected an object of the class as first argument, got ", kindName(state, 1)});
    nn::setDefaultType(defaultTensorType());
    fill(state, *pool.info);
    return 0;
  });
}

// Methods of modules. Absent arguments are made nil first: projecting a container leaves its list of children
// on the stack, behind them.

int updateOutput(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 2);
    Projected<nn::Module> module(state, poolOf<nn::Module>(state), true);
    const nn::Activity result = module->updateOutput(toActivity(state, 2));
    module.write();
    module.pushResult(state, result);
    return 1;
  });
}

int updateGradInput(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 3);
    Projected<nn::Module> module(state, poolOf<nn::Module>(state), true);
    const nn::Activity result = module->updateGradInput(toActivity(state, 2), toActivity(state, 3));
    module.write();
    module.pushResult(state, result);
    return 1;
  });
}

double scaleAt(lua_State* L, int i, const char* method) {
  return lua_isnoneornil(L, i) ? 1 : checkNumber(L, i, method);
}

int accGradParameters(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 4);
    Projected<nn::Module> module(state, poolOf<nn::Module>(state), true);
    module->accGradParameters(toActivity(state, 2), toActivity(state, 3),
                              scaleAt(state, 4, "accGradParameters"));
    module.write();
    return 0;
  });
}

int backward(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 4);
    Projected<nn::Module> module(state, poolOf<nn::Module>(state), true);
    const nn::Activity result =
        module->backward(toActivity(state, 2), toActivity(state, 3), scaleAt(state, 4, "backward"));
    module.write();
    module.pushResult(state, result);
    return 1;
  });
}

int reset(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 2);
    Projected<nn::Module> module(state, poolOf<nn::Module>(state), false);
    module->reset(lua_isnoneornil(state, 2) ? std::optional<double>() : checkNumber(state, 2, "reset"));
    module.write();
    lua_pushvalue(state, 1);
    return 1;
  });
}

// Methods of criterions

int criterionOutput(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 3);
    Projected<nn::Criterion> criterion(state, poolOf<nn::Criterion>(state), true);
    const double loss = criterion->updateOutput(toActivity(state, 2), toActivity(state, 3));
    const std::optional<double> second = criterion->secondOutput();
    criterion.write();
    lua_pushnumber(state, loss);
    if (second) lua_pushnumber(state, *second);
    return second ? 2 : 1;
  });
}

int criterionGradInput(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    lua_settop(state, 3);
    Projected<nn::Criterion> criterion(state, poolOf<nn::Criterion>(state), true);
    const nn::Activity result = criterion->updateGradInput(toActivity(state, 2), toActivity(state, 3));
    criterion.write();
    criterion.pushResult(state, result);
    return 1;
  });
}

// Methods of both

template <class Base> int toText(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    const Projected<Base> object(state, poolOf<Base>(state), false);
    push(state, object->toString());
    return 1;
  });
}

/// A method of one class; upvalue 2 is its number.
template <class Base> int classMethod(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    Pool<Base>& pool = poolOf<Base>(state);
    const auto& method = pool.info->methods[static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(2)))];
    const StackArguments arguments(state, pool.info->name);
    Projected<Base> object(state, pool, false);
    const nn::MethodResult result = method.call(*object, arguments);
    object.write();
    if (result)
      object.pushResult(state, *result);
    else
      lua_pushvalue(state, 1);
    return 1;
  });
}

template <class Base>
void setMethod(lua_State* L, Pool<Base>* pool, const char* name, lua_CFunction function) {
  lua_pushlightuserdata(L, pool);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

bool isContainer(const nn::ModuleClass* info) {
  while (info && std::string_view(info->name) != "nn.Container")
    info = nn::registry().findModule(info->parent);
  return info != nullptr;
}

void setMethods(lua_State* L, Pool<nn::Module>* pool) {
  setMethod(L, pool, "updateOutput", updateOutput);
  setMethod(L, pool, "updateGradInput", updateGradInput);
  setMethod(L, pool, "accGradParameters", accGradParameters);
  setMethod(L, pool, "reset", reset);
  if (isContainer(pool->info)) setMethod(L, pool, "backward", backward);
}

void setMethods(lua_State* L, Pool<nn::Criterion>* pool) {
  setMethod(L, pool, "updateOutput", criterionOutput);
  setMethod(L, pool, "updateGradInput", criterionGradInput);
}

template <class Base> void pushMethods(lua_State* L, const nn::ClassInfo<Base>& info) {
  static std::vector<std::unique_ptr<Pool<Base>>> pools;  // the closures point into it until the program ends
  pools.push_back(std::make_unique<Pool<Base>>(Pool<Base>{&info, {}}));
  Pool<Base>* pool = pools.back().get();
  lua_newtable(L);
  setMethods(L, pool);
  setMethod(L, pool, "__init", construct<Base>);
  setMethod(L, pool, "__tostring__", toText<Base>);
  for (size_t i = 0; i < info.methods.size(); ++i) {
    lua_pushlightuserdata(L, pool);
    lua_pushinteger(L, static_cast<lua_Integer>(i));
    lua_pushcclosure(L, classMethod<Base>, 2);
    lua_setfield(L, -2, info.methods[i].name);
  }
}

/// names(): those of all classes.
int names(lua_State* L) {
  lua_newtable(L);
  int n = 0;
  const auto append = [&](const auto& info) {
    lua_pushstring(L, info->name);
    lua_rawseti(L, -2, ++n);
  };
  for (const auto& info : nn::registry().modules()) append(info);
  for (const auto& info : nn::registry().criterions()) append(info);
  return 1;
}

/// describe(name): a class's parent, version and methods.
int describeClass(lua_State* L) {
  const std::string name = checkString(L, 1, "describe");
  const auto describe = [&](const auto& info) {
    lua_pushstring(L, info.parent);
    lua_pushinteger(L, info.version);
    return pushMethods(L, info), 3;
  };
  if (const auto* module = nn::registry().findModule(name)) return describe(*module);
  if (const auto* criterion = nn::registry().findCriterion(name)) return describe(*criterion);
  fail("describe", {"there is no class ", name});
}

int flatten(lua_State* L) {
  if (!lua_istable(L, 1)) fail("flatten", {"argument 1: expected a table of tensors, got ", kindName(L, 1)});
  std::vector<Tensor> tensors;
  const auto n = static_cast<int>(lua_objlen(L, 1));
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(L, 1, i);
    if (!toTensor(L, -1))
      fail("flatten", {"entry ", text(int64_t{i}), ": expected a tensor, got ", kindName(L, -1)});
    tensors.push_back(Tensor::share(toTensor(L, -1)));
    lua_pop(L, 1);
  }
  nn::setDefaultType(defaultTensorType());
  return push(L, nn::flatten(tensors)), 1;
}

int open(lua_State* L) {
  lua_newtable(L);
  const Function functions[] = {
      {"names", protect<names>}, {"describe", protect<describeClass>}, {"flatten", protect<flatten>}};
  setFunctions(L, functions);
  // What the border calls in Lua.
  const auto keep = [L](const char* module, const char* field, const char* key) {
    lua_getglobal(L, "require");
    lua_pushstring(L, module);
    lua_call(L, 1, 1);
    if (field) {
      lua_getfield(L, -1, field);
      lua_remove(L, -2);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, key);
  };
  keep("torch.class", "factory", "cresset.factory");
  keep("cresset.traceback", nullptr, "cresset.traceback");
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_nn(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
