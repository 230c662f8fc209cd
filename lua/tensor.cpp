#include "lua/tensor.h"

#include <algorithm>

#include "lua/indexing.h"
#include "lua/stack.h"
#include "lua/storage.h"
#include "tensor/Error.h"
#include "tensor/ops/blas.h"
#include "tensor/ops/pointwise.h"

namespace cresset::lua {
namespace {

Tensor self(lua_State* L, const char* method) { return checkTensor(L, 1, method); }

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
    if (impl->type != type)
      fail(name, {"expecting number or ", name, " or ", storageTypeName(type), ", got ", kindName(L, first)});
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
    push(state,
         construct(state, 1, typeFromCode(static_cast<int>(lua_tointeger(state, lua_upvalueindex(1))))));
    return 1;
  });
}

int dim(lua_State* L) { return lua_pushinteger(L, static_cast<lua_Integer>(self(L, "dim").dim())), 1; }

template <Sizes (Tensor::*all)() const, int64_t (Tensor::*one)(int64_t) const>
int extent(lua_State* L, const char* method) {
  const Tensor x = self(L, method);
  if (lua_isnoneornil(L, 2)) return push(L, (x.*all)()), 1;
  const int64_t d = checkInteger(L, 2, method);
  if (d < 1 || d > x.dim())
    fail(method, {"dimension ", text(d), " out of range of ", text(x.dim()), "D tensor"});
  return lua_pushnumber(L, static_cast<double>((x.*one)(d - 1))), 1;
}
int size(lua_State* L) { return extent<&Tensor::sizes, &Tensor::size>(L, "size"); }
int stride(lua_State* L) { return extent<&Tensor::strides, &Tensor::stride>(L, "stride"); }

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
  const Tensor x = self(L, "copy");
  if (!toTensor(L, 2)) fail("copy", {"argument 2: torch.*Tensor expected, got ", kindName(L, 2)});
  const Tensor y = checkTensor(L, 2, "copy");
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
      {"size", protect<size>},
      {"stride", protect<stride>},
      {"nElement", protect<nElement>},
      {"storage", protect<storage>},
      {"storageOffset", protect<storageOffset>},
      {"isContiguous", protect<isContiguous>},
      {"isSize", protect<isSize>},
      {"isSameSizeAs", protect<isSameSizeAs>},
      {"isSetTo", protect<isSetTo>},
      {"totable", protect<totable>},
      {"retain", protect<retain>},
      {"free", protect<release>},
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
      {"__eq", equalObjects},
      {"__gc", collect},
  };
  setFunctions(L, methods);
  setElementSize(L, type);
  setViewMethods(L);
  setOperators(L);
  pushTensorConstructor(L, type);
  lua_setfield(L, -2, "new");
  setIndexing(L);
}

void pushTensorConstructor(lua_State* L, Type type) {
  lua_pushinteger(L, typeCode(type));
  lua_pushcclosure(L, constructor, 1);
}

}  // namespace cresset::lua
