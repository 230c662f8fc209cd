#include "lua/optim.h"

#include <new>

#include "lua/stack.h"
#include "optim/Adadelta.h"
#include "optim/Adagrad.h"
#include "optim/Adam.h"
#include "optim/Adamax.h"
#include "optim/Asgd.h"
#include "optim/ConfusionMatrix.h"
#include "optim/Nag.h"
#include "optim/Rmsprop.h"
#include "optim/Rprop.h"
#include "optim/Sgd.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

using optim::FieldVisitor;

/// Sets an optimiser's fields from the tables at two stack indices, which may be one table.
class TableReader final : public FieldVisitor {
 public:
  TableReader(lua_State* L, const char* op, int config, int state)
      : L_(L), op_(op), config_(config), state_(state) {}

  void config(const char* name, double& value) override { number(config_, "config.", name, value); }
  void config(const char* name, bool& value) override {
    if (find(config_, name)) value = lua_toboolean(L_, -1);
    lua_pop(L_, 1);
  }
  void config(const char* name, std::optional<double>& value) override {
    optionalNumber(config_, "config.", name, value);
  }
  void config(const char* name, Tensor& value) override { tensor(config_, "config.", name, value); }
  void configWithDefault(const char* name, double& value) override {
    config(name, value);
    lua_pushnumber(L_, value);
    lua_setfield(L_, config_, name);
  }
  void state(const char* name, double& value) override { number(state_, "state.", name, value); }
  void state(const char* name, std::optional<double>& value) override {
    optionalNumber(state_, "state.", name, value);
  }
  void state(const char* name, Tensor& value) override { tensor(state_, "state.", name, value); }
  void configAndState(const char* name, double& value, Tensor& kept) override {
    const bool isTensor = find(state_, name) && toTensor(L_, -1);
    lua_pop(L_, 1);
    if (isTensor) return state(name, kept);
    config(name, value);
  }

 private:
  /// Pushes the field. Nil and false count as not given.
  bool find(int table, const char* name) {
    lua_getfield(L_, table, name);
    return lua_toboolean(L_, -1);
  }
  [[noreturn]] void failField(const char* table, const char* name, const char* expected) {
    fail(op_, {table, name, ": expected ", expected, ", got ", kindName(L_, -1)});
  }
  void number(int table, const char* tableName, const char* name, double& value) {
    if (find(table, name)) {
      if (!lua_isnumber(L_, -1)) failField(tableName, name, "number");
      value = lua_tonumber(L_, -1);
    }
    lua_pop(L_, 1);
  }
  void optionalNumber(int table, const char* tableName, const char* name, std::optional<double>& value) {
    double found = value.value_or(0);
    const bool isGiven = find(table, name);
    lua_pop(L_, 1);
    number(table, tableName, name, found);
    if (isGiven) value = found;
  }
  void tensor(int table, const char* tableName, const char* name, Tensor& value) {
    if (find(table, name)) {
      TensorImpl* impl = toTensor(L_, -1);
      if (!impl) failField(tableName, name, "torch.*Tensor");
      value = Tensor::share(impl);
    }
    lua_pop(L_, 1);
  }

  lua_State* L_;
  const char* op_;
  int config_, state_;
};

/// Writes an optimiser's state fields into the table at a stack index.
class StateWriter final : public FieldVisitor {
 public:
  StateWriter(lua_State* L, int state) : L_(L), state_(state) {}

  void config(const char*, double&) override {}
  void config(const char*, bool&) override {}
  void config(const char*, std::optional<double>&) override {}
  void config(const char*, Tensor&) override {}
  void configWithDefault(const char*, double&) override {}
  void state(const char* name, double& value) override {
    lua_pushnumber(L_, value);
    lua_setfield(L_, state_, name);
  }
  void state(const char* name, std::optional<double>& value) override {
    if (value) state(name, *value);
  }
  void state(const char* name, Tensor& value) override {
    if (!value) return;
    lua_getfield(L_, state_, name);
    const bool isThere = toTensor(L_, -1) == value.impl();
    lua_pop(L_, 1);
    if (isThere) return;  // the same object, changed in place
    push(L_, value);
    lua_setfield(L_, state_, name);
  }
  void configAndState(const char* name, double&, Tensor& tensor) override { state(name, tensor); }

 private:
  lua_State* L_;
  int state_;
};

/// Sets each field's name in the table on top of the stack to `config` or `state`.
class NameCollector final : public FieldVisitor {
 public:
  explicit NameCollector(lua_State* L) : L_(L) {}
  void config(const char* name, double&) override { add(name, "config"); }
  void config(const char* name, bool&) override { add(name, "config"); }
  void config(const char* name, std::optional<double>&) override { add(name, "config"); }
  void config(const char* name, Tensor&) override { add(name, "config"); }
  void configWithDefault(const char* name, double&) override { add(name, "config"); }
  void state(const char* name, double&) override { add(name, "state"); }
  void state(const char* name, std::optional<double>&) override { add(name, "state"); }
  void state(const char* name, Tensor&) override { add(name, "state"); }
  void configAndState(const char* name, double&, Tensor&) override { add(name, "config"); }

 private:
  void add(const char* name, const char* kind) {
    lua_pushstring(L_, kind);
    lua_setfield(L_, -2, name);
  }
  lua_State* L_;
};

bool isCallable(lua_State* L, int i) {
  if (lua_isfunction(L, i)) return true;
  if (!luaL_getmetafield(L, i, "__call")) return false;
  lua_pop(L, 1);
  return true;
}

void checkTable(lua_State* L, int i, const char* op, const char* name) {
  if (!lua_istable(L, i)) fail(op, arg(i, name), {"expected table or nil, got ", kindName(L, i)});
}

/// The arguments of optim.<name>(opfunc, x, config, state), tables given.
Tensor checkArguments(lua_State* L, const char* op) {
  if (!isCallable(L, 1)) fail(op, arg(1, "opfunc"), {"expected function, got ", kindName(L, 1)});
  TensorImpl* x = toTensor(L, 2);
  if (!x) fail(op, arg(2, "x"), {"expected torch.*Tensor, got ", kindName(L, 2)});
  checkTable(L, 3, op, "config");
  checkTable(L, 4, op, "state");
  return Tensor::share(x);
}

// One optimiser from its C++ class. The object lives in a userdata while Lua evaluates the function: what
// opfunc does to the tables then is for the next call, as in Torch7.
template <class Optimizer> int begin(lua_State* L) {
  const Tensor x = checkArguments(L, Optimizer::kName);
  auto* run = new (lua_newuserdata(L, sizeof(Optimizer))) Optimizer();
  luaL_getmetatable(L, Optimizer::kName);
  lua_setmetatable(L, -2);
  TableReader reader(L, Optimizer::kName, 3, 4);
  run->fields(reader);
  run->begin(x);
  return 1;
}

template <class Optimizer> int step(lua_State* L) {
  auto* run = static_cast<Optimizer*>(luaL_checkudata(L, 1, Optimizer::kName));
  const Tensor x = checkTensor(L, 2, Optimizer::kName);
  TensorImpl* gradient = toTensor(L, 3);
  if (!gradient)
    fail(Optimizer::kName, {"gradient (second result of opfunc): expected ", tensorTypeName(x.type()),
                            " like x, got ", kindName(L, 3)});
  luaL_checktype(L, 4, LUA_TTABLE);
  run->step(x, Tensor::share(gradient));
  StateWriter writer(L, 4);
  run->fields(writer);
  return 0;
}

template <class Optimizer> int collect(lua_State* L) {
  static_cast<Optimizer*>(luaL_checkudata(L, 1, Optimizer::kName))->~Optimizer();
  return 0;
}

/// Adds an optimiser to the table on top of the stack.
template <class Optimizer> void setMethod(lua_State* L) {
  luaL_newmetatable(L, Optimizer::kName);
  lua_pushcfunction(L, collect<Optimizer>);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);

  lua_newtable(L);
  setFunctions(L, {{"begin", protect<begin<Optimizer>>}, {"step", protect<step<Optimizer>>}});
  lua_newtable(L);
  NameCollector names(L);
  Optimizer().fields(names);
  lua_setfield(L, -2, "keys");
  lua_setfield(L, -2, Optimizer::kName + sizeof "optim." - 1);
}

// ConfusionMatrix: the object is a table with the fields' names.
constexpr const char* kConfusion = "optim.ConfusionMatrix";

Tensor matrixField(lua_State* L, const char* name, DType dtype, std::initializer_list<int64_t> sizes) {
  lua_getfield(L, 1, name);
  TensorImpl* impl = toTensor(L, -1);
  Tensor x = impl ? Tensor::share(impl) : Tensor();
  if (!x || x.type() != Type{dtype} || !(x.sizes() == Sizes(sizes)))
    fail(kConfusion, {"field ", name, ": expected ", tensorTypeName({dtype}), " ",
                      shapeText(sizes.begin(), static_cast<int64_t>(sizes.size())), ", got ",
                      x ? describe(x) : kindName(L, -1)});
  lua_pop(L, 1);
  return x;
}

optim::ConfusionMatrix checkMatrix(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  optim::ConfusionMatrix matrix;
  lua_getfield(L, 1, "nclasses");
  matrix.nclasses = checkInteger(L, -1, kConfusion);
  lua_pop(L, 1);
  const int64_t n = matrix.nclasses;
  matrix.mat = matrixField(L, "mat", DType::Long, {n, n});
  matrix.valids = matrixField(L, "valids", DType::Float, {n});
  matrix.unionvalids = matrixField(L, "unionvalids", DType::Float, {n});
  return matrix;
}

void setNumber(lua_State* L, const char* name, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, 1, name);
}

int confusionAdd(lua_State* L) {
  checkMatrix(L).add(checkInteger(L, 2, kConfusion), checkInteger(L, 3, kConfusion));
  return 0;
}

int confusionBatchAdd(lua_State* L) {
  checkMatrix(L).batchAdd(checkTensor(L, 2, kConfusion), checkTensor(L, 3, kConfusion));
  return 0;
}

int confusionUpdateValids(lua_State* L) {
  optim::ConfusionMatrix matrix = checkMatrix(L);
  matrix.updateValids();
  setNumber(L, "totalValid", matrix.totalValid);
  setNumber(L, "averageValid", matrix.averageValid);
  setNumber(L, "averageUnionValid", matrix.averageUnionValid);
  return 0;
}

double numberField(lua_State* L, const char* name) {
  lua_getfield(L, 1, name);
  const double value = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return value;
}

int confusionToString(lua_State* L) {
  optim::ConfusionMatrix matrix = checkMatrix(L);
  matrix.totalValid = numberField(L, "totalValid");
  matrix.averageValid = numberField(L, "averageValid");
  matrix.averageUnionValid = numberField(L, "averageUnionValid");
  lua_getfield(L, 1, "classes");
  for (int i = 1; lua_istable(L, -1) && i <= matrix.nclasses; ++i) {
    lua_rawgeti(L, -1, i);
    const char* name = lua_tostring(L, -1);
    if (!name && i == 1) break;
    matrix.classes.emplace_back(name ? name : "");
    lua_pop(L, 1);
  }
  push(L, matrix.toString());
  return 1;
}

int confusionFarFrr(lua_State* L) {
  const optim::ConfusionMatrix::Rates rates = checkMatrix(L).farFrr();
  for (const Tensor* x : {&rates.classFrrs, &rates.classFars, &rates.frrs, &rates.fars})
    push(L, x->to(defaultTensorType()));
  return 4;
}

int open(lua_State* L) {
  lua_newtable(L);
  lua_newtable(L);
  setMethod<optim::Adadelta>(L);
  setMethod<optim::Adagrad>(L);
  setMethod<optim::Adam>(L);
  setMethod<optim::Adamax>(L);
  setMethod<optim::Asgd>(L);
  setMethod<optim::Nag>(L);
  setMethod<optim::Rmsprop>(L);
  setMethod<optim::Rprop>(L);
  setMethod<optim::Sgd>(L);
  lua_setfield(L, -2, "methods");
  lua_newtable(L);
  setFunctions(L, {{"add", protect<confusionAdd>},
                   {"batchAdd", protect<confusionBatchAdd>},
                   {"updateValids", protect<confusionUpdateValids>},
                   {"toString", protect<confusionToString>},
                   {"farFrr", protect<confusionFarFrr>}});
  lua_setfield(L, -2, "confusion");
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_optim(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
