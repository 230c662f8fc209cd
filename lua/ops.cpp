#include "lua/ops.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>
#include <vector>

#include "lua/signatures.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/dispatch.h"
#include "tensor/ops/OpTable.h"

namespace cresset::lua {
namespace {

constexpr int kMaxFresh = 4;  // tensors that a call makes because they were left out

const char* opName(const Pattern& p) { return p.signature->op->name.c_str(); }

bool fits(lua_State* L, int i, const Parameter& p, Type type) {
  switch (p.kind) {
    case Parameter::TensorKind: {
      const TensorImpl* x = toTensor(L, i);
      return x && x->type == p.typeFor(type) && (p.dims == 0 || x->nDimension == p.dims);
    }
    case Parameter::Number:
    case Parameter::Integer:
    case Parameter::Dim:
      return lua_isnumber(L, i);
    case Parameter::Boolean:
      return lua_isboolean(L, i);
    case Parameter::Gen:
      return toGenerator(L, i) != nullptr;
    case Parameter::Tensors: {
      if (!lua_istable(L, i)) return false;
      lua_rawgeti(L, i, 1);
      const bool some = !lua_isnil(L, -1);
      lua_pop(L, 1);
      return some;
    }
    case Parameter::SizesKind: {
      const StorageImpl* s = toStorage(L, i);
      if (s) return s->type == kLong && i == lua_gettop(L);
      const int top = lua_gettop(L);
      for (int k = i; k <= top; ++k)
        if (!lua_isnumber(L, k)) return false;
      return i <= top;
    }
    case Parameter::Letter: {
      // No number's text starts with an option's letter, and lua_tostring would turn the argument into a
      // string.
      if (lua_type(L, i) != LUA_TSTRING) return false;
      const char* s = lua_tostring(L, i);
      for (const char c : p.text.substr(0, p.text.find('=')))
        if (c != '|' && c != '"' && c == s[0]) return true;
      return false;
    }
  }
  return false;
}

bool matches(lua_State* L, const Pattern& p, Type type) {
  const Signature& s = *p.signature;
  if (!contains(s.overload->types, type.dtype)) return false;
  for (size_t i = 0; i < s.parameters.size(); ++i)
    if (p.argumentOf[i] >= 0 && !fits(L, p.argumentOf[i] + 1, s.parameters[i], type)) return false;
  return true;
}

/// `value` as what computes with elements of that type holds it: half and bfloat16 are computed in float.
double asElement(double value, Type type) {
  if (contains(Halves, type.dtype)) type.dtype = DType::Float;
  return visit<Real>("number", type, [&]<class T>() { return toDouble(fromDouble<T>(value)); });
}

/// Turns a matched call into values, calls the operation and pushes its results.
int invoke(lua_State* L, const Pattern& p, Type type) {
  const Signature& s = *p.signature;
  const size_t n = s.parameters.size();
  Value values[kMaxArguments];
  Tensor fresh[kMaxFresh];
  int8_t freshOf[kMaxArguments];
  int8_t made = 0;
  Shape sizes;
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < n; ++i) {
    const Parameter& q = s.parameters[i];
    const int index = p.argumentOf[i] + 1;
    const bool given = index > 0;
    switch (q.kind) {
      case Parameter::TensorKind:
        if (given) {
          values[i].tensor = toTensor(L, index);
        } else if (q.absent == Parameter::FirstArgument) {
          values[i].tensor = toTensor(L, 1);
        } else {
          assert(made < kMaxFresh);  // else it wants to be larger
          fresh[made] = Tensor(q.typeFor(type));
          values[i].tensor = fresh[made].impl();
          freshOf[i] = made++;
        }
        break;
      case Parameter::Number:
        values[i].number = given ? lua_tonumber(L, index) : q.number;
        if (s.ofNumbers) values[i].number = asElement(values[i].number, type);
        break;
      case Parameter::Integer:
        values[i].integer = given ? checkInteger(L, index, opName(p)) : static_cast<int64_t>(q.number);
        break;
      case Parameter::Dim: {
        if (!given) {
          values[i].integer =
              q.absent == Parameter::Last || q.number < 0 ? -1 : static_cast<int64_t>(q.number) - 1;
          break;
        }
        const int64_t dim = checkInteger(L, index, opName(p));
        // -1 would read as "last" inside: only those operations see it whose default it is.
        if (dim == 0 || (dim < 0 && (dim != -1 || q.text != "-1")))
          fail(opName(p),  // with the reasons that all operations give for a dimension
               {"dimension ", text(dim), " out of range: invalid dimension, dim not in range 1 and above"});
        values[i].integer = dim < 0 ? -1 : dim - 1;
        break;
      }
      case Parameter::Boolean:
        values[i].boolean = given ? lua_toboolean(L, index) != 0 : q.text == "true";
        break;
      case Parameter::Gen:
        values[i].generator = given ? toGenerator(L, index) : &defaultGenerator();
        break;
      case Parameter::SizesKind:
        sizes = checkSizes(L, index, opName(p));
        values[i].sizes = &sizes;
        break;
      case Parameter::Letter:
        values[i].letter = given ? lua_tostring(L, index)[0] : q.text.back();
        break;
      case Parameter::Tensors:
        for (int k = 1;; ++k) {
          lua_rawgeti(L, index, k);
          if (lua_isnil(L, -1)) break;
          TensorImpl* x = toTensor(L, -1);
          if (!x || x->type != type)
            fail(opName(p),
                 {"argument ", text(int64_t{index}), ": expected ", typePrefix(type),
                  "Tensor in tensor array, got ", kindName(L, -1), " as entry ", text(int64_t{k})});
          tensors.push_back(Tensor::share(x));
          lua_pop(L, 1);
        }
        lua_pop(L, 1);
        values[i].tensors = &tensors;
        break;
    }
  }
  Returned returned;
  s.overload->invoke(values, returned);
  if (s.ofNumbers) returned.number = asElement(returned.number, type);
  if (returned.kind == Returned::Number) return lua_pushnumber(L, returned.number), 1;
  if (returned.kind == Returned::Boolean) return lua_pushboolean(L, returned.number != 0), 1;
  if (returned.kind == Returned::Object) return push(L, std::move(returned.tensor)), 1;
  int results = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!s.parameters[i].result) continue;
    ++results;
    if (p.argumentOf[i] >= 0) {
      lua_pushvalue(L, p.argumentOf[i] + 1);
    } else {
      push(L, std::move(fresh[freshOf[i]]));
    }
  }
  return results;
}

/// How the error for a call that fits nothing names a parameter.
std::string describeParameter(const Parameter& p, Type type) {
  std::string text;
  switch (p.kind) {
    case Parameter::TensorKind:
      text = std::string(tensorTypeName(p.typeFor(type))).substr(6);
      if (p.dims) text += "~" + std::to_string(p.dims) + "D";
      if (p.result) text = "*" + text + "*";
      break;
    case Parameter::Tensors:
      text = "{" + std::string(tensorTypeName(type)).substr(6) + "+}";
      break;
    case Parameter::Number: {
      constexpr const char* kNames[kDTypes] = {"unsigned char", "char",     "short", "int",   "long",
                                               "half",          "bfloat16", "float", "double"};
      text = kNames[static_cast<int>(type.dtype)];
      break;
    }
    case Parameter::Integer:
      text = "int";
      break;
    case Parameter::Dim:
      text = "index";
      break;
    case Parameter::Boolean:
      text = "boolean";
      break;
    case Parameter::Gen:
      text = "Generator";
      break;
    case Parameter::SizesKind:
      text = "(LongStorage | dim1 [dim2...])";
      break;
    case Parameter::Letter:
      text = "(";
      for (const char c : p.text.substr(0, p.text.find('=')))
        if (c != '"') text += c;
      text += ")";
      break;
  }
  return text;
}

/// `argument 3: torch.LongTensor expected, got torch.DoubleTensor` as a line of its own, for a call in which
/// nothing else keeps an overload from fitting; empty otherwise.
std::string wrongTensor(lua_State* L, const Matcher& m, Type type) {
  const int n = lua_gettop(L);
  if (n > kMaxArguments) return "";
  for (const Pattern& p : m.byCount[static_cast<size_t>(n)]) {
    const Signature& s = *p.signature;
    if (!contains(s.overload->types, type.dtype)) continue;
    int wrong = 0, argument = 0;
    Type expected;
    bool tensor = true;
    for (size_t i = 0; i < s.parameters.size(); ++i) {
      const Parameter& q = s.parameters[i];
      if (p.argumentOf[i] < 0 || fits(L, p.argumentOf[i] + 1, q, type)) continue;
      ++wrong;
      argument = p.argumentOf[i] + 1;
      expected = q.typeFor(type);
      const TensorImpl* given = toTensor(L, argument);
      tensor = q.kind == Parameter::TensorKind && (given ? given->type != expected : q.typed);
    }
    if (wrong == 1 && tensor)
      return "\nargument " + std::to_string(argument) + ": " + tensorTypeName(expected) + " expected, got " +
             kindName(L, argument);
  }
  return "";
}

/// Torch7's two lines (contract 2.1), the argument of a wrong type when that alone is wrong, and the
/// operation, which Torch7 leaves to the traceback.
[[noreturn]] void failNoMatch(lua_State* L, const Matcher& m, Type type) {
  std::string message = "invalid arguments: ";
  const int n = lua_gettop(L);
  for (int i = 1; i <= n; ++i) {
    const std::string kind = kindName(L, i);
    message += (kind.rfind("torch.", 0) == 0 ? kind.substr(6) : kind) + " ";
  }
  if (n == 0) message += "no arguments provided";
  message += "\nexpected arguments: ";
  bool first = true;
  for (const auto& s : m.signatures) {
    if (!contains(s->overload->types, type.dtype)) continue;
    if (!first) message += " | ";
    first = false;
    for (size_t i = 0; i < s->parameters.size(); ++i) {
      const Parameter& p = s->parameters[i];
      const bool nextJoined = i + 1 < s->parameters.size() && s->parameters[i + 1].joined;
      message += i ? " " : "";
      message += p.optional() && !p.joined ? "[" : "";
      message += describeParameter(p, type);
      message += p.optional() && !nextJoined ? "]" : "";
    }
  }
  message += wrongTensor(L, m, type);
  message += std::string("\nin ") + (m.form == Form::Method ? "x:" : "torch.") + m.op->name;
  throw Error(message);
}

int call(lua_State* L, const Matcher& m, Type type) {
  const int n = lua_gettop(L);
  if (n <= kMaxArguments) {
    LuaTypes given[kMaxArguments];
    for (int i = 0; i < n; ++i) given[i] = static_cast<LuaTypes>(1u << lua_type(L, i + 1));
    const auto mayMatch = [&](const Pattern& p) {
      for (int i = 0; i < n; ++i)
        if (!(given[i] & p.luaTypes[static_cast<size_t>(i)])) return false;
      return true;
    };
    for (const Pattern& p : m.byCount[static_cast<size_t>(n)])
      if (mayMatch(p) && matches(L, p, type)) return invoke(L, p, type);
  }
  for (const Pattern& p : m.variadic)
    if (n > p.fixed && matches(L, p, type)) return invoke(L, p, type);
  failNoMatch(L, m, type);
}

const Matcher& matcherIn(lua_State* L, int upvalue) {
  return static_cast<LazyMatcher*>(lua_touserdata(L, lua_upvalueindex(upvalue)))->get();
}

/// Upvalues: the matcher, the type.
int typedCall(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    return call(state, matcherIn(state, 1),
                typeFromCode(static_cast<int>(lua_tointeger(state, lua_upvalueindex(2)))));
  });
}

/// Whether the operation has any overload of that form for the type.
bool available(const Op& op, Type type, Form form) {
  return std::any_of(op.overloads.begin(), op.overloads.end(), [&](const Overload& o) {
    return contains(o.types, type.dtype) && (o.form == Form::Both || o.form == form) &&
           (form == Form::Function || op.family != Family::Function);
  });
}

/// Keeps the metatable on top of the stack when it is that of a class with functions of its own, in a table
/// `torch`; pops the value otherwise.
bool keepClassWithFunctions(lua_State* L) {
  bool is = false;
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "__typename");
    lua_getfield(L, -2, "torch");
    is = lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1);
    lua_pop(L, 2);
  }
  if (!is) lua_pop(L, 1);
  return is;
}

/// Pushes the metatable of the tensor class from elsewhere that torch.f(...) works on, by the rules of
/// dispatchType; false, with nothing pushed, when one of our own types comes first or there is none.
bool pushForeignClass(lua_State* L) {
  const int n = lua_gettop(L);
  for (int i = 1; i <= 2 && i <= n; ++i) {
    if (toTensor(L, i)) return false;
    if (lua_getmetatable(L, i) && keepClassWithFunctions(L)) return true;
  }
  if (n >= 1 && lua_istable(L, 1)) {
    lua_rawgeti(L, 1, 1);
    const bool ours = toTensor(L, -1) != nullptr;
    if (!ours && lua_getmetatable(L, -1) && keepClassWithFunctions(L)) return lua_remove(L, -2), true;
    lua_pop(L, 1);
    if (ours) return false;
  }
  Type type;
  if (n >= 1 && lua_type(L, n) == LUA_TSTRING && !parseTensorType(lua_tostring(L, n), type)) {
    lua_getfield(L, LUA_REGISTRYINDEX, kClassMaker);
    lua_pushvalue(L, n);
    lua_call(L, 1, 1);
    if (keepClassWithFunctions(L)) return lua_remove(L, n), true;
  }
  return false;
}

/// Calls the function `name` of the class whose metatable is on top of the stack with the arguments below it.
int callForeign(lua_State* L, const std::string& name) {
  lua_getfield(L, -1, "torch");
  lua_getfield(L, -1, name.c_str());
  if (lua_isnil(L, -1)) {
    lua_getfield(L, -3, "__typename");
    throw Error(std::string(lua_tostring(L, -1)) + " does not implement the torch." + name + "() function");
  }
  lua_insert(L, 1);
  lua_pop(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

/// The tensor type that torch.f(...) works on; a trailing type name is removed from the arguments.
/// Contract 2.2.
Type dispatchType(lua_State* L) {
  const int n = lua_gettop(L);
  for (int i = 1; i <= 2 && i <= n; ++i)
    if (const TensorImpl* x = toTensor(L, i)) return x->type;
  if (n >= 1 && lua_istable(L, 1)) {
    lua_rawgeti(L, 1, 1);
    const TensorImpl* x = toTensor(L, -1);
    lua_pop(L, 1);
    if (x) return x->type;
  }
  Type type;
  if (n >= 1 && lua_type(L, n) == LUA_TSTRING && parseTensorType(lua_tostring(L, n), type)) {
    lua_settop(L, n - 1);
    return type;
  }
  return defaultTensorType();
}

/// The type of the first argument that a pattern expects to be of the dispatched type.
Type typeFor(lua_State* L, const Pattern& p) {
  const auto& parameters = p.signature->parameters;
  for (size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].kind == Parameter::TensorKind && !parameters[i].typed && p.argumentOf[i] >= 0)
      if (const TensorImpl* x = toTensor(L, p.argumentOf[i] + 1)) return x->type;
  return defaultTensorType();
}

/// dispatchType for `typedFirst` matchers: the type of the first pattern that fits, or may have been meant.
Type dispatchTypeOfOthers(lua_State* L, const Matcher& m) {
  const int n = lua_gettop(L);
  if (n > kMaxArguments || m.byCount[static_cast<size_t>(n)].empty()) return dispatchType(L);
  const auto& patterns = m.byCount[static_cast<size_t>(n)];
  for (const Pattern& p : patterns)
    if (const Type type = typeFor(L, p); matches(L, p, type)) return type;
  return typeFor(L, patterns.front());
}

/// torch.f. Upvalue: the matcher.
int dispatchingCall(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    const Matcher& m = matcherIn(state, 1);
    if (pushForeignClass(state)) return callForeign(state, m.op->name);
    const Type type = m.typedFirst ? dispatchTypeOfOthers(state, m) : dispatchType(state);
    if (!available(*m.op, type, Form::Function))
      throw Error(std::string(tensorTypeName(type)) + " does not implement the torch." + m.op->name +
                  "() function");
    return call(state, m, type);
  });
}

// Tables of operations. Their functions are made when they are first looked up: a program uses few of the
// thousands, and each collection of Lua's goes through all that there are.

constexpr int kByArguments = -1;  // in place of a type: that of a call's arguments, as for torch.f

/// Pushes the function of an operation in a table of that type and form; false, with nothing pushed, when it
/// has none.
bool pushOperation(lua_State* L, size_t i, int type, Form form) {
  const Op& op = opTable().ops()[i];
  const auto isFunction = [](const Overload& o) { return o.form != Form::Method; };
  if (type == kByArguments) {
    if (std::none_of(op.overloads.begin(), op.overloads.end(), isFunction)) return false;
    lua_pushlightuserdata(L, &matcherOf(i, form));
    lua_pushcclosure(L, dispatchingCall, 1);
  } else {
    if (!available(op, typeFromCode(type), form)) return false;
    lua_pushlightuserdata(L, &matcherOf(i, form));
    lua_pushinteger(L, type);
    lua_pushcclosure(L, typedCall, 2);
  }
  return true;
}

int typeUpvalue(lua_State* L) { return static_cast<int>(lua_tointeger(L, lua_upvalueindex(1))); }
Form formUpvalue(lua_State* L) { return static_cast<Form>(lua_tointeger(L, lua_upvalueindex(2))); }

/// The __index of a table of operations. Upvalues: the type, the form.
int findOperation(lua_State* L) {
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  const std::string_view name = lua_tostring(L, 2);
  const auto& ops = opTable().ops();
  const auto found = std::find_if(ops.begin(), ops.end(), [&](const Op& op) { return op.name == name; });
  const auto i = static_cast<size_t>(found - ops.begin());
  if (found == ops.end() || !pushOperation(L, i, typeUpvalue(L), formUpvalue(L))) return 0;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

/// The __pairs of a table of operations: all of them. Upvalues: the type, the form, `next`.
int eachOperation(lua_State* L) {
  lua_settop(L, 1);
  const auto& ops = opTable().ops();
  for (size_t i = 0; i < ops.size(); ++i) {
    lua_pushstring(L, ops[i].name.c_str());
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    const bool absent = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (absent && pushOperation(L, i, typeUpvalue(L), formUpvalue(L))) lua_rawset(L, 1);
    lua_settop(L, 1);
  }
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_insert(L, 1);
  return lua_pushnil(L), 3;
}

/// Makes the table on top of the stack one of operations.
void setOperations(lua_State* L, int type, Form form) {
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, type);
  lua_pushinteger(L, static_cast<int>(form));
  lua_pushcclosure(L, findOperation, 2);
  lua_setfield(L, -2, "__index");
  lua_pushinteger(L, type);
  lua_pushinteger(L, static_cast<int>(form));
  lua_getglobal(L, "next");
  lua_pushcclosure(L, eachOperation, 3);
  lua_setfield(L, -2, "__pairs");
  lua_pushboolean(L, false);  // a class's getmetatable, which walks to parents, ends here
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
}

}  // namespace

void setOpMethods(lua_State* L, Type type) {
  setOperations(L, typeCode(type), Form::Method);
  lua_newtable(L);
  setOperations(L, typeCode(type), Form::Function);
  lua_setfield(L, -2, "torch");
}

void setOpFunctions(lua_State* L) { setOperations(L, kByArguments, Form::Function); }

int opHelp(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    const std::string name = checkString(state, 1, "help");
    for (const Op& op : opTable().ops()) {
      if (op.name != name) continue;
      std::string text = op.name + ": " + op.help + "\n";
      for (const Overload& overload : op.overloads) {
        for (const Form form : {Form::Function, Form::Method}) {
          if (overload.form != Form::Both && overload.form != form) continue;
          const std::string arguments = argumentsOf(op, overload, form);
          if (form == Form::Method && arguments.empty()) continue;
          text += (form == Form::Function ? "  torch." : "  x:") + op.name + "  " + arguments + "   (" +
                  toString(overload.types) + ")\n";
        }
      }
      push(state, text);
      return 1;
    }
    return 0;
  });
}

}  // namespace cresset::lua
