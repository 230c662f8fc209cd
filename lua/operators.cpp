// Operators of tensors, and the methods that call a Lua function for each element.
#include "lua/stack.h"
#include "lua/tensor.h"
#include "tensor/Error.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/pointwise.h"

namespace cresset::lua {
namespace {

/// Calls the Lua function at index n + 1 with the elements of the n tensors at 1..n, in logical order.
int applyTo(lua_State* L, int n, const char* method) {
  if (!lua_isfunction(L, n + 1))
    fail(method, {"argument ", text(int64_t{n} + 1), ": expected function, got ", kindName(L, n + 1)});
  Tensor x[3];
  for (int k = 0; k < n; ++k) {
    if (!toTensor(L, k + 1))
      fail(method, {"argument ", text(int64_t{k} + 1), ": tensor expected, got ", kindName(L, k + 1)});
    // Of our own: the callback may resize or set its tensors, and a storage keeps the memory it had.
    x[k] = checkTensor(L, k + 1, method).alias();
    checkSameType(method, arg(k + 1, "tensor"), x[k], x[0]);
    if (x[k].nElement() != x[0].nElement())
      fail(method, {"size mismatch: ", describe(x[0]), " and ", describe(x[k])});
  }
  const int64_t total = x[0].nElement();
  Shape index[3];
  int64_t offset[3];
  for (int k = 0; k < n; ++k) {
    index[k] = x[k].sizes();
    for (int d = 0; d < index[k].size(); ++d) index[k][d] = 0;
    offset[k] = x[k].storageOffset();
  }
  for (int64_t i = 0; i < total; ++i) {
    lua_pushvalue(L, n + 1);
    for (int k = 0; k < n; ++k) lua_pushnumber(L, elementAt(*x[k].impl()->storage, offset[k]));
    lua_call(L, n, 1);  // which may raise: what is applied stays
    if (lua_type(L, -1) == LUA_TNUMBER) {
      setElementAt(*x[0].impl()->storage, offset[0], lua_tonumber(L, -1));
    } else if (lua_toboolean(L, -1)) {
      fail(method, {"the function should return a number or nil, got ", kindName(L, -1)});
    }
    lua_pop(L, 1);
    for (int k = 0; k < n; ++k) {
      for (int d = static_cast<int>(x[k].dim()) - 1; d >= 0; --d) {
        offset[k] += x[k].stride(d);
        if (++index[k][d] < x[k].size(d)) break;
        offset[k] -= index[k][d] * x[k].stride(d);
        index[k][d] = 0;
      }
    }
  }
  return lua_pushvalue(L, 1), 1;
}
int apply(lua_State* L) { return applyTo(L, 1, "apply"); }
int map(lua_State* L) { return applyTo(L, 2, "map"); }
int map2(lua_State* L) { return applyTo(L, 3, "map2"); }

/// The operand at i, which is no tensor of the other operand's type.
double operandNumber(lua_State* L, int i, const char* op) {
  if (!lua_isnumber(L, i))
    fail(op, {"number expected, got ", toHandle(L, i) ? kindName(L, i) : luaL_typename(L, i),
              toTensor(L, i) ? "; tensors of different types have to be converted: y:typeAs(x)" : ""});
  return lua_tonumber(L, i);
}

int addOperator(lua_State* L) {
  const TensorImpl *a = toTensor(L, 1), *b = toTensor(L, 2);
  const Tensor x = a ? checkTensor(L, 1, "add") : checkTensor(L, 2, "add");
  const Tensor result(x.type());
  if (a && b && a->type == b->type) {
    add(result, x, 1, checkTensor(L, 2, "add"));
  } else {
    add(result, x, operandNumber(L, a ? 2 : 1, "add"));
  }
  return push(L, result), 1;
}

int subOperator(lua_State* L) {
  const TensorImpl *a = toTensor(L, 1), *b = toTensor(L, 2);
  const Tensor x = a ? checkTensor(L, 1, "sub") : checkTensor(L, 2, "sub");
  const Tensor result(x.type());
  if (a && b && a->type == b->type) {
    csub(result, x, 1, checkTensor(L, 2, "sub"));
  } else if (a) {
    add(result, x, -operandNumber(L, 2, "sub"));
  } else {
    mul(result, x, -1);
    add(result, result, operandNumber(L, 1, "sub"));
  }
  return push(L, result), 1;
}

int mulOperator(lua_State* L) {
  const TensorImpl *a = toTensor(L, 1), *b = toTensor(L, 2);
  const Tensor x = a ? checkTensor(L, 1, "mul") : checkTensor(L, 2, "mul");
  const Tensor result(x.type());
  if (a && b && a->type == b->type) {
    const Tensor y = checkTensor(L, 2, "mul");
    if (x.dim() == 1 && y.dim() == 1) return lua_pushnumber(L, dot(x, y)), 1;
    if (x.dim() == 2 && y.dim() == 1) {
      mv(result, x, y);
    } else if (x.dim() == 2 && y.dim() == 2) {
      mm(result, x, y);
    } else {
      fail("mul", {"multiplication between ", text(x.dim()), "D and ", text(y.dim()),
                   "D tensors not yet supported"});
    }
  } else {
    mul(result, x, operandNumber(L, a ? 2 : 1, "mul"));
  }
  return push(L, result), 1;
}

int divOperator(lua_State* L) {
  const Tensor x = checkTensor(L, 1, "div"), result(x.type());
  div(result, x, operandNumber(L, 2, "div"));
  return push(L, result), 1;
}

int modOperator(lua_State* L) {
  const Tensor x = checkTensor(L, 1, "mod"), result(x.type());
  remainder(result, x, operandNumber(L, 2, "mod"));
  return push(L, result), 1;
}

int unmOperator(lua_State* L) {
  const Tensor x = checkTensor(L, 1, "unm"), result(x.type());
  mul(result, x, -1);
  return push(L, result), 1;
}

int lenOperator(lua_State* L) { return push(L, checkTensor(L, 1, "len").sizes()), 1; }
int toText(lua_State* L) { return push(L, checkTensor(L, 1, "tostring").toString()), 1; }

}  // namespace

void setOperators(lua_State* L) {
  const Function methods[] = {
      {"apply", protect<apply>},         {"map", protect<map>},
      {"map2", protect<map2>},           {"__len__", protect<lenOperator>},
      {"__tostring__", protect<toText>}, {"__add__", protect<addOperator>},
      {"__sub__", protect<subOperator>}, {"__mul__", protect<mulOperator>},
      {"__div__", protect<divOperator>}, {"__mod__", protect<modOperator>},
      {"__unm__", protect<unmOperator>},
  };
  setFunctions(L, methods);
}

}  // namespace cresset::lua
