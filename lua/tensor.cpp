#include "lua/tensor.h"

#include <algorithm>
#include <cmath>

#include "lua/indexing.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/pointwise.h"

namespace cresset::lua {
namespace {

Tensor self(lua_State* L, const char* method) { return checkTensor(L, 1, method); }

/// A dimension as the caller counts, from 1; the tensor's own check follows.
int64_t dimAt(lua_State* L, int i, const char* method) { return checkInteger(L, i, method) - 1; }

// Geometry given as the constructor, set and resize take it
// -------------------------------------------------------

struct Geometry {
  Shape sizes, strides;
};

/// `sz1, sz2, ...` (at most 8) or `LongStorage [, LongStorage of strides]` from argument i on.
Geometry sizesAt(lua_State* L, int i, const char* method) {
  Geometry g;
  if (toStorage(L, i)) {
    g.sizes = checkSizes(L, i, method);
    if (toStorage(L, i + 1)) {
      g.strides = checkSizes(L, i + 1, method);
      if (g.strides.size() != g.sizes.size())
        fail(method, {"invalid strides: expected ", text(int64_t{g.sizes.size()}), ", got ",
                      text(int64_t{g.strides.size()})});
    }
    return g;
  }
  const int top = std::min(lua_gettop(L), i + 7);
  for (; i <= top; ++i) g.sizes.push(checkInteger(L, i, method));
  return g;
}

/// `storage [, offset [, sizes [, strides]]]` or `storage, offset, sz1, st1, sz2, st2, ...`, from argument i
/// on.
void setToStorage(lua_State* L, int i, const Tensor& x, const char* method) {
  const Storage storage = checkStorage(L, i, method);
  if (lua_gettop(L) <= i || lua_isnil(L, i + 1)) {
    x.set(storage, 0, {storage.size()});
    return;
  }
  const int64_t offset = checkInteger(L, i + 1, method) - 1;
  if (offset < 0) fail(method, {"Tensor: invalid storage offset ", text(offset + 1)});
  Geometry g;
  if (toStorage(L, i + 2)) {
    g = sizesAt(L, i + 2, method);
  } else {
    for (int k = i + 2; k <= lua_gettop(L); k += 2) {
      g.sizes.push(checkInteger(L, k, method));
      g.strides.push(k + 1 <= lua_gettop(L) ? checkInteger(L, k + 1, method) : -1);
    }
  }
  x.set(storage, offset, g.sizes, g.strides);
}

Tensor construct(lua_State* L, int first, Type type) {
  const char* name = tensorTypeName(type);
  const int n = lua_gettop(L) - first + 1;
  if (n <= 0) return Tensor(type);
  if (const TensorImpl* impl = toTensor(L, first)) {
    if (impl->type != type) fail(name, {"argument 1: ", name, " expected, got ", tensorTypeName(impl->type)});
    return Tensor::share(const_cast<TensorImpl*>(impl)).alias();
  }
  if (const StorageImpl* storage = toStorage(L, first)) {
    // LongStorages are sizes, but a LongTensor takes a lone one as its data.
    if (storage->type == type && !(type == kLong && n >= 2 && toStorage(L, first + 1))) {
      Tensor x(type);
      setToStorage(L, first, x, name);
      return x;
    }
    if (storage->type != kLong)
      fail(name, {"expecting number or ", name, " or ", storageTypeName(type), ", got ", kindName(L, first)});
  }
  if (lua_istable(L, first)) return tensorFromTable(L, first, type);
  if (!lua_isnumber(L, first) && !toStorage(L, first))
    fail(name, {"expecting number or ", name, " or ", storageTypeName(type), ", got ", kindName(L, first)});
  const Geometry g = sizesAt(L, first, name);
  return Tensor(type).resize(g.sizes, g.strides);
}

int constructor(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    const auto code = static_cast<int>(lua_tointeger(state, lua_upvalueindex(1)));
    push(state,
         construct(state, 1,
                   {static_cast<DType>(code % kDTypes), code >= kDTypes ? Device::CUDA : Device::CPU}));
    return 1;
  });
}

// Queries
// ------------------------------------------------------------------------------------------------------------

int dim(lua_State* L) { return lua_pushinteger(L, static_cast<lua_Integer>(self(L, "dim").dim())), 1; }

template <Sizes (Tensor::*all)() const, int64_t (Tensor::*one)(int64_t) const> int extent(lua_State* L) {
  const Tensor x = self(L, "size");
  if (lua_gettop(L) < 2) return push(L, (x.*all)()), 1;
  const int64_t d = checkInteger(L, 2, "size");
  if (d < 1 || d > x.dim())
    fail("size", {"dimension ", text(d), " out of range of ", text(x.dim()), "D tensor"});
  return lua_pushnumber(L, static_cast<double>((x.*one)(d - 1))), 1;
}

int nElement(lua_State* L) {
  return lua_pushnumber(L, static_cast<double>(self(L, "nElement").nElement())), 1;
}

int storage(lua_State* L) {
  const Tensor x = self(L, "storage");
  if (x.hasStorage())
    push(L, x.storage());
  else
    lua_pushnil(L);
  return 1;
}

int storageOffset(lua_State* L) {
  return lua_pushnumber(L, static_cast<double>(self(L, "storageOffset").storageOffset() + 1)), 1;
}
int elementSizeOf(lua_State* L) {
  return lua_pushinteger(L, static_cast<lua_Integer>(elementSize(self(L, "elementSize").dtype()))), 1;
}
int isContiguous(lua_State* L) { return lua_pushboolean(L, self(L, "isContiguous").isContiguous()), 1; }
int isSize(lua_State* L) {
  return lua_pushboolean(L, self(L, "isSize").sizes() == checkSizes(L, 2, "isSize")), 1;
}

int isSameSizeAs(lua_State* L) {
  const Tensor x = self(L, "isSameSizeAs"), y = checkTensor(L, 2, "isSameSizeAs");
  checkSameType("isSameSizeAs", arg(2, "tensor"), y, x);
  return lua_pushboolean(L, x.isSameSizeAs(y)), 1;
}

int isSetTo(lua_State* L) {
  const Tensor x = self(L, "isSetTo"), y = checkTensor(L, 2, "isSetTo");
  checkSameType("isSetTo", arg(2, "tensor"), y, x);
  return lua_pushboolean(L, x.isSetTo(y)), 1;
}

void pushElements(lua_State* L, const Tensor& x) {
  lua_createtable(L, static_cast<int>(x.size(0)), 0);
  for (int64_t i = 0; i < x.size(0); ++i) {
    const Tensor slice = x.select(0, i);
    if (x.dim() == 1)
      lua_pushnumber(L, slice.item());
    else
      pushElements(L, slice);
    lua_rawseti(L, -2, static_cast<int>(i + 1));
  }
}

int totable(lua_State* L) {
  Tensor x = self(L, "totable");
  x = x.to({x.dtype(), Device::CPU});
  if (x.empty())
    lua_newtable(L);
  else
    pushElements(L, x);
  return 1;
}

int retain(lua_State* L) {
  Tensor x = self(L, "retain");
  (void)x.detach();
  return 0;
}

int release(lua_State* L) {
  TensorImpl* impl = toTensor(L, 1);
  // Never the last reference, which is the userdata's own.
  if (impl && impl->refcount.load() > 1) Tensor::adopt(impl);
  return 0;
}

// Views
// --------------------------------------------------------------------------------------------------------------

int narrow(lua_State* L) {
  const Tensor x = self(L, "narrow");
  return push(L, x.narrow(dimAt(L, 2, "narrow"), checkInteger(L, 3, "narrow") - 1,
                          checkInteger(L, 4, "narrow"))),
         1;
}

int sub(lua_State* L) {
  Tensor x = self(L, "sub");
  const int n = lua_gettop(L) - 1;
  if (n < 2 || n % 2 != 0 || n > 8)
    fail("sub", {"expected 1 to 4 ranges of two numbers, got ", text(int64_t{n}), " arguments"});
  for (int d = 0; d < n / 2; ++d) {
    if (d >= x.dim()) fail("sub", {"invalid dimension ", text(int64_t{d} + 1), " of ", describe(x)});
    const auto bound = [&](int i) {
      const int64_t v = checkInteger(L, i, "sub");
      return v < 0 ? v + x.size(d) : v - 1;
    };
    const int64_t first = bound(2 + 2 * d), last = bound(3 + 2 * d);
    if (first < 0 || first >= x.size(d) || last >= x.size(d))
      fail("sub", {"out of range: dimension ", text(int64_t{d} + 1), " of ", describe(x)});
    if (last < first) fail("sub", {"end smaller than beginning in dimension ", text(int64_t{d} + 1)});
    x = x.narrow(d, first, last - first + 1);
  }
  return push(L, x), 1;
}

int select(lua_State* L) {
  const Tensor x = self(L, "select");
  const int64_t d = dimAt(L, 2, "select"), index = checkInteger(L, 3, "select") - 1;
  if (x.dim() == 1) {  // gives the number, whatever the dimension says
    lua_pushnumber(L, x.select(0, index).item());
  } else {
    push(L, x.select(d, index));
  }
  return 1;
}

int transpose(lua_State* L) {
  return push(L, self(L, "transpose").transpose(dimAt(L, 2, "transpose"), dimAt(L, 3, "transpose"))), 1;
}
int t(lua_State* L) { return push(L, self(L, "t").t()), 1; }

int permute(lua_State* L) {
  const Tensor x = self(L, "permute");
  Shape dims = checkSizes(L, 2, "permute");
  for (int i = 0; i < dims.size(); ++i) --dims[i];
  return push(L, x.permute(dims)), 1;
}

int unfold(lua_State* L) {
  const Tensor x = self(L, "unfold");
  return push(L, x.unfold(dimAt(L, 2, "unfold"), checkInteger(L, 3, "unfold"), checkInteger(L, 4, "unfold"))),
         1;
}

/// x:f(sizes...), res:f(x, sizes...): with a tensor as second argument, the first receives the view.
template <class Make> int viewLike(lua_State* L, const char* method, Make make) {
  const Tensor first = self(L, method);
  if (toTensor(L, 2)) {
    const Tensor x = checkTensor(L, 2, method);
    const Tensor view = make(x, 3);
    first.set(view);
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, make(first, 2)), 1;
}

int view(lua_State* L) {
  return viewLike(L, "view", [L](const Tensor& x, int i) {
    if (!toStorage(L, i) && !lua_isnumber(L, i))
      fail("torch.view", {"expected LongStorage or numbers as sizes, got ", kindName(L, i)});
    return x.view(checkSizes(L, i, "view"));
  });
}

int expand(lua_State* L) {
  return viewLike(L, "expand", [L](const Tensor& x, int i) {
    const Shape sizes = checkSizes(L, i, "expand");
    if (sizes.size() != x.dim())
      fail("expand", {"the number of dimensions provided must equal tensor:dim(): got ",
                      text(int64_t{sizes.size()}), " for ", describe(x)});
    return x.expand(sizes);
  });
}

/// x:f(like), res:f(x, like).
template <Tensor (Tensor::*make)(Sizes) const> int viewAsLike(lua_State* L, const char* method) {
  const Tensor first = self(L, method);
  if (lua_gettop(L) >= 3) {
    first.set((checkTensor(L, 2, method).*make)(checkTensor(L, 3, method).sizes()));
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, (first.*make)(checkTensor(L, 2, method).sizes())), 1;
}
int viewAs(lua_State* L) { return viewAsLike<&Tensor::view>(L, "viewAs"); }
int expandAs(lua_State* L) { return viewAsLike<&Tensor::expand>(L, "expandAs"); }

int repeatTensor(lua_State* L) {
  const Tensor first = self(L, "repeatTensor");
  const bool given = toTensor(L, 2) != nullptr;
  const Tensor x = given ? checkTensor(L, 2, "repeatTensor") : first;
  const Shape repeats = checkSizes(L, given ? 3 : 2, "repeatTensor");
  if (repeats.size() < x.dim())
    fail("repeatTensor",
         {"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: got ",
          text(int64_t{repeats.size()}), " for ", describe(x)});
  if (x.empty()) fail("repeatTensor", {"cannot repeat an empty tensor"});
  // Each dimension becomes a pair [repeat, size]; the expanded source is copied into the pairs.
  const int lead = repeats.size() - static_cast<int>(x.dim());
  Shape sizes, pairs, sourceSizes;
  for (int d = 0; d < repeats.size(); ++d) {
    if (repeats[d] < 1) fail("repeatTensor", {"expected positive counts, got ", text(repeats[d])});
    const int64_t size = d < lead ? 1 : x.size(d - lead);
    sizes.push(repeats[d] * size);
    pairs.push(repeats[d]);
    pairs.push(size);
    sourceSizes.push(1);
    sourceSizes.push(size);
  }
  const Tensor result(x.type(), sizes);
  result.view(pairs).copy(x.contiguous().view(sourceSizes).expand(pairs));
  if (given) {
    first.resizeAs(result).copy(result);
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, result), 1;
}

/// Pieces of length n along d as an array table; `target` is a table to reuse, or 0.
int pushSplit(lua_State* L, const Tensor& x, int64_t n, int64_t d, int target, const char* method) {
  if (x.empty()) fail(method, {"cannot split an empty tensor"});
  checkDim(method, arg(3, "dim"), x, d);
  if (n < 1) fail(method, {"expected a positive size, got ", text(n)});
  if (target) {
    for (auto i = static_cast<int>(lua_objlen(L, target)); i >= 1; --i) {
      lua_pushnil(L);
      lua_rawseti(L, target, i);
    }
    lua_pushvalue(L, target);
  } else {
    lua_newtable(L);
  }
  int piece = 0;
  for (int64_t first = 0; first < x.size(d); first += n) {
    push(L, x.narrow(d, first, std::min(n, x.size(d) - first)));
    lua_rawseti(L, -2, ++piece);
  }
  return 1;
}

int split(lua_State* L) {
  const int target = lua_istable(L, 1) ? 1 : 0, i = target + 1;
  const Tensor x = checkTensor(L, i, "split");
  return pushSplit(L, x, checkInteger(L, i + 1, "split"),
                   lua_isnoneornil(L, i + 2) ? 0 : dimAt(L, i + 2, "split"), target, "split");
}

int chunk(lua_State* L) {
  const int target = lua_istable(L, 1) ? 1 : 0, i = target + 1;
  const Tensor x = checkTensor(L, i, "chunk");
  const int64_t pieces = checkInteger(L, i + 1, "chunk"),
                d = lua_isnoneornil(L, i + 2) ? 0 : dimAt(L, i + 2, "chunk");
  if (x.empty()) fail("chunk", {"cannot split an empty tensor"});
  checkDim("chunk", arg(3, "dim"), x, d);
  if (pieces < 1) fail("chunk", {"expected a positive number of pieces, got ", text(pieces)});
  return pushSplit(L, x, (x.size(d) + pieces - 1) / pieces, d, target, "chunk");
}

// Content
// ------------------------------------------------------------------------------------------------------------

int contiguous(lua_State* L) {
  const Tensor x = self(L, "contiguous");
  if (x.isContiguous())
    lua_pushvalue(L, 1);
  else
    push(L, x.clone());
  return 1;
}
int clone(lua_State* L) { return push(L, self(L, "clone").clone()), 1; }

int copy(lua_State* L) {
  const Tensor x = self(L, "copy"), y = checkTensor(L, 2, "copy");
  x.copy(y);
  return lua_pushvalue(L, 1), 1;
}

int resize(lua_State* L) {
  const Tensor x = self(L, "resize");
  const Geometry g = sizesAt(L, 2, "resize");
  x.resize(g.sizes, g.strides);
  return lua_pushvalue(L, 1), 1;
}

int resizeAs(lua_State* L) {
  const Tensor x = self(L, "resizeAs"), y = checkTensor(L, 2, "resizeAs");
  checkSameType("resizeAs", arg(2, "tensor"), y, x);
  x.resizeAs(y);
  return lua_pushvalue(L, 1), 1;
}

int set(lua_State* L) {
  const Tensor x = self(L, "set");
  if (lua_gettop(L) < 2) {
    x.set();
  } else if (const StorageImpl* s = toStorage(L, 2); s && s->type == x.type()) {
    setToStorage(L, 2, x, "set");
  } else {
    x.set(construct(L, 2, x.type()));
  }
  return lua_pushvalue(L, 1), 1;
}

int convert(lua_State* L, Type type) {
  const Tensor x = self(L, "type");
  if (x.type() == type)
    lua_pushvalue(L, 1);
  else
    push(L, x.to(type));
  return 1;
}

int typeOf(lua_State* L) {
  const Tensor x = self(L, "type");
  if (lua_isnoneornil(L, 2)) return lua_pushstring(L, tensorTypeName(x.type())), 1;
  Type wanted;
  const std::string name = checkString(L, 2, "type");
  if (!parseTensorType(name, wanted)) fail("type", {"argument 2: '", name, "' is not a tensor type"});
  return convert(L, wanted);
}

int typeAs(lua_State* L) {
  const TensorImpl* x = toTensor(L, 2);
  if (!x) checkTensor(L, 2, "typeAs");
  return convert(L, x->type);
}

template <DType dtype, Device device = Device::CPU> int cast(lua_State* L) {
  return convert(L, {dtype, device});
}
int real(lua_State* L) { return convert(L, defaultTensorType()); }

// apply, map, map2
// ---------------------------------------------------------------------------------------------------

/// Calls the Lua function at index n + 1 with the elements of the n tensors at 1..n, in logical order.
int applyTo(lua_State* L, int n, const char* method) {
  if (!lua_isfunction(L, n + 1))
    fail(method, {"argument ", text(int64_t{n}), ": expected function, got ", kindName(L, n + 1)});
  Tensor x[3];
  for (int k = 0; k < n; ++k) {
    if (!toTensor(L, k + 1))
      fail(method, {"argument ", text(int64_t{k}), ": tensor expected, got ", kindName(L, k + 1)});
    x[k] = checkTensor(L, k + 1, method);
    checkSameType(method, arg(k, "tensor"), x[k], x[0]);
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
    // The callback may raise; what is applied stays. It may also resize: the geometry is looked at anew
    // below.
    lua_call(L, n, 1);
    if (x[0].nElement() != total) fail(method, {"the function changed the size of the tensor"});
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

// Operators
// ----------------------------------------------------------------------------------------------------------

/// The operand at i as a tensor of the other operand's type, or false when it is a number.
double operandNumber(lua_State* L, int i, const char* op) {
  if (!lua_isnumber(L, i))
    fail(op, {"number expected, got ", toHandle(L, i) ? kindName(L, i) : luaL_typename(L, i)});
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

int equalObjects(lua_State* L) {
  const Handle *a = toHandle(L, 1), *b = toHandle(L, 2);
  return lua_pushboolean(L, a && b && a->object == b->object), 1;
}

int collect(lua_State* L) {
  if (Handle* handle = toHandle(L, 1); handle && handle->kind == ObjectKind::Tensor && handle->object) {
    Tensor::adopt(static_cast<TensorImpl*>(handle->object));
    handle->object = nullptr;
    handle->magic = 0;
  }
  return 0;
}

}  // namespace

void setTensorMethods(lua_State* L, Type type) {
  const Function methods[] = {
      {"dim", protect<dim>},
      {"nDimension", protect<dim>},
      {"size", protect<extent<&Tensor::sizes, &Tensor::size>>},
      {"stride", protect<extent<&Tensor::strides, &Tensor::stride>>},
      {"nElement", protect<nElement>},
      {"storage", protect<storage>},
      {"storageOffset", protect<storageOffset>},
      {"elementSize", protect<elementSizeOf>},
      {"isContiguous", protect<isContiguous>},
      {"isSize", protect<isSize>},
      {"isSameSizeAs", protect<isSameSizeAs>},
      {"isSetTo", protect<isSetTo>},
      {"totable", protect<totable>},
      {"retain", protect<retain>},
      {"free", protect<release>},
      {"narrow", protect<narrow>},
      {"sub", protect<sub>},
      {"select", protect<select>},
      {"transpose", protect<transpose>},
      {"t", protect<t>},
      {"permute", protect<permute>},
      {"unfold", protect<unfold>},
      {"view", protect<view>},
      {"viewAs", protect<viewAs>},
      {"expand", protect<expand>},
      {"expandAs", protect<expandAs>},
      {"repeatTensor", protect<repeatTensor>},
      {"split", protect<split>},
      {"chunk", protect<chunk>},
      {"contiguous", protect<contiguous>},
      {"clone", protect<clone>},
      {"copy", protect<copy>},
      {"resize", protect<resize>},
      {"resizeAs", protect<resizeAs>},
      {"set", protect<set>},
      {"type", protect<typeOf>},
      {"typeAs", protect<typeAs>},
      {"byte", protect<cast<DType::Byte>>},
      {"char", protect<cast<DType::Char>>},
      {"short", protect<cast<DType::Short>>},
      {"int", protect<cast<DType::Int>>},
      {"long", protect<cast<DType::Long>>},
      {"half", protect<cast<DType::Half>>},
      {"bfloat16", protect<cast<DType::BFloat16>>},
      {"float", protect<cast<DType::Float>>},
      {"double", protect<cast<DType::Double>>},
      {"cudaByte", protect<cast<DType::Byte, Device::CUDA>>},
      {"cudaChar", protect<cast<DType::Char, Device::CUDA>>},
      {"cudaShort", protect<cast<DType::Short, Device::CUDA>>},
      {"cudaInt", protect<cast<DType::Int, Device::CUDA>>},
      {"cudaLong", protect<cast<DType::Long, Device::CUDA>>},
      {"cudaHalf", protect<cast<DType::Half, Device::CUDA>>},
      {"cudaBFloat16", protect<cast<DType::BFloat16, Device::CUDA>>},
      {"cuda", protect<cast<DType::Float, Device::CUDA>>},
      {"cudaDouble", protect<cast<DType::Double, Device::CUDA>>},
      {"real", protect<real>},
      {"apply", protect<apply>},
      {"map", protect<map>},
      {"map2", protect<map2>},
      {"__len__", protect<lenOperator>},
      {"__tostring__", protect<toText>},
      {"__eq", equalObjects},
      {"__gc", collect},
  };
  setFunctions(L, methods);
  if (contains(Real, type.dtype)) {
    const Function operators[] = {{"__add__", protect<addOperator>}, {"__sub__", protect<subOperator>},
                                  {"__mul__", protect<mulOperator>}, {"__div__", protect<divOperator>},
                                  {"__mod__", protect<modOperator>}, {"__unm__", protect<unmOperator>}};
    setFunctions(L, operators);
  }
  pushTensorConstructor(L, type);
  lua_setfield(L, -2, "new");
  setIndexing(L);
}

void pushTensorConstructor(lua_State* L, Type type) {
  lua_pushinteger(L, static_cast<int>(type.dtype) + (type.device == Device::CUDA ? kDTypes : 0));
  lua_pushcclosure(L, constructor, 1);
}

}  // namespace cresset::lua
