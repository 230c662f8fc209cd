#include "lua/indexing.h"

#include <cmath>

#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/ops/mask.h"
#include "tensor/ops/pick.h"

namespace cresset::lua {
namespace {

/// What a key selects: a region, or elements of it that tensors pick, and whether every dimension was
/// consumed by a number.
struct Region {
  Tensor view;
  bool element = false;
  std::vector<Pick> picks;
  bool none = false;  // a mask of zeros picks nothing
};

/// An index as the caller counts: from 1, negative from the end.
int64_t fromEnd(int64_t index, int64_t size) { return index < 0 ? index + size : index - 1; }

Region selectNumber(const Tensor& x, double key) {
  if (x.empty()) fail("index", {"empty tensor"});
  const auto index = static_cast<int64_t>(key);
  const int64_t at = fromEnd(index, x.size(0));
  if (at < 0 || at >= x.size(0)) fail("index", {"out of range: index ", text(index), " of ", describe(x)});
  return {x.select(0, at), x.dim() == 1, {}, false};
}

/// A LongTensor of positions, or a ByteTensor that marks them, in dimension d of the view.
void addPick(Region& region, int64_t d, const Tensor& key) {
  if (key.dtype() != DType::Byte) return region.picks.push_back({d, key});
  if (key.dim() != 1 || key.size(0) != region.view.size(d))
    fail("index",
         {"inconsistent tensor size: expected a mask of ", text(region.view.size(d)),
          " elements in dimension ", text(d + 1), " of ", describe(region.view), ", got ", describe(key)});
  const Tensor positions(Type{DType::Long, key.device()});
  nonzero(positions, key);
  if (positions.empty()) {
    region.none = true;
  } else {
    region.picks.push_back({d, positions.view({positions.nElement()})});
  }
}

/// {k1, k2, ...}: numbers drop a dimension, {} keeps it whole, {i} and {a, b} narrow it, tensors pick from
/// it.
Region selectTable(lua_State* L, const Tensor& x, int table) {
  const auto n = static_cast<int>(lua_objlen(L, table));
  if (n > x.dim()) fail("index", {"too many indices provided: ", text(int64_t{n}), " for ", describe(x)});
  Region region{x.alias(), false, {}, false};
  int64_t d = 0;  // of the view
  bool allNumbers = x.dim() > 0;
  int64_t used = 0;
  for (int i = 1; i <= x.dim(); ++i) {
    lua_rawgeti(L, table, i);
    const bool number = lua_isnumber(L, -1) != 0, range = lua_istable(L, -1);
    if (TensorImpl* key = toTensor(L, -1)) {
      allNumbers = false;
      addPick(region, d++, Tensor::share(key));
      lua_pop(L, 1);
      continue;
    }
    if (!number && !range) {
      lua_pop(L, 1);
      break;
    }
    ++used;
    const int64_t size = region.view.size(d);
    if (number) {
      const auto index = static_cast<int64_t>(lua_tonumber(L, -1));
      const int64_t at = fromEnd(index, size);
      if (at < 0 || at >= size)
        fail("index",
             {"index out of bound: ", text(index), " in dimension ", text(int64_t{i}), " of ", describe(x)});
      if (region.view.dim() == 1) {
        region.view = region.view.narrow(0, at, 1);  // the element itself: no dimension is left to drop
        ++d;
      } else {
        region.view = region.view.select(d, at);
      }
    } else {
      allNumbers = false;
      lua_rawgeti(L, -1, 1);
      lua_rawgeti(L, -2, 2);
      const bool hasFirst = lua_isnumber(L, -2) != 0, hasLast = lua_isnumber(L, -1) != 0;
      const auto first = hasFirst ? static_cast<int64_t>(lua_tonumber(L, -2)) : 1;
      const auto last = hasLast ? static_cast<int64_t>(lua_tonumber(L, -1)) : hasFirst ? first : size;
      lua_pop(L, 2);
      const int64_t from = fromEnd(first, size), to = fromEnd(last, size);
      if (from < 0 || from >= size)
        fail("index", {"start index out of bound: ", text(first), " in dimension ", text(int64_t{i}), " of ",
                       describe(x)});
      if (to < 0 || to >= size)
        fail("index", {"end index out of bound: ", text(last), " in dimension ", text(int64_t{i}), " of ",
                       describe(x)});
      if (to < from)
        fail("index", {"end index must be greater or equal to start index: {", text(first), ", ", text(last),
                       "} in dimension ", text(int64_t{i})});
      region.view = region.view.narrow(d, from, to - from + 1);
      ++d;
    }
    lua_pop(L, 1);
  }
  region.element = allNumbers && used == x.dim();
  return region;
}

/// A LongStorage with one index for each dimension.
Region selectCoordinates(const Tensor& x, const StorageImpl& storage) {
  if (x.empty() || storage.size != x.dim())
    fail("index", {"invalid size: expected ", text(x.dim()), " indices, got ",
                   text(static_cast<int64_t>(storage.size))});
  Tensor view = x;
  const auto* index = static_cast<const int64_t*>(storage.data);
  for (int64_t d = 0; d < x.dim(); ++d) {
    const int64_t at = fromEnd(index[d], x.size(d));
    if (at < 0 || at >= x.size(d))
      fail("index",
           {"index out of bound: ", text(index[d]), " in dimension ", text(d + 1), " of ", describe(x)});
    view = view.dim() == 1 ? view.narrow(0, at, 1) : view.select(0, at);
  }
  return {view, true, {}, false};
}

/// The region that the key at index 2 stands for; false when it is no index (a mask is handled by the
/// callers).
bool select(lua_State* L, const Tensor& x, Region& region) {
  if (isNumberKey(L, 2)) {
    region = selectNumber(x, lua_tonumber(L, 2));
  } else if (lua_istable(L, 2)) {
    region = selectTable(L, x, 2);
  } else if (const StorageImpl* s = toStorage(L, 2); s && s->type == kLong) {
    region = selectCoordinates(x, *s);
  } else {
    return false;
  }
  return true;
}

bool isMask(lua_State* L, const Tensor& x) {
  const TensorImpl* mask = toTensor(L, 2);
  return mask && mask->type.dtype == DType::Byte && mask->type.device == x.device();
}

int read(lua_State* L) {
  const Tensor x = checkTensor(L, 1, "index");
  Region region;
  if (select(L, x, region)) {
    if (region.element)
      lua_pushnumber(L, region.view.item());
    else if (region.none)
      push(L, Tensor(x.type()));
    else if (!region.picks.empty())
      push(L, pick(region.view, region.picks));
    else
      push(L, region.view);
  } else if (isMask(L, x)) {
    const Tensor result(x.type());
    maskedSelect(result, x, checkTensor(L, 2, "index"));
    push(L, result);
  } else {
    return lua_pushboolean(L, false), 1;
  }
  return lua_pushboolean(L, true), 2;
}

void writePicked(lua_State* L, const Region& region) {
  TensorImpl* source = toTensor(L, 3);
  if (lua_isnumber(L, 3) == 0 && !source)
    fail("index", {"number or torch.*Tensor expected, got ", kindName(L, 3)});
  if (region.none) return;
  if (source) {
    pickCopy(region.view, region.picks, Tensor::share(source));
  } else {
    pickFill(region.view, region.picks, lua_tonumber(L, 3));
  }
}

int write(lua_State* L) {
  const Tensor x = checkTensor(L, 1, "index");
  const bool number = lua_isnumber(L, 3) != 0;
  const TensorImpl* source = toTensor(L, 3);
  Region region;
  if (select(L, x, region)) {
    if (region.none || !region.picks.empty()) {
      writePicked(L, region);
    } else if (int64_t exact; region.element && contains(Integer, x.dtype()) && toExactInteger(L, 3, exact)) {
      const Tensor integer(kLong, {1});
      *integer.data<int64_t>() = exact;
      region.view.copy(integer);
    } else if (number) {
      region.view.fill(lua_tonumber(L, 3));
    } else if (source && !(region.element && lua_istable(L, 2))) {
      region.view.copy(Tensor::share(const_cast<TensorImpl*>(source)));
    } else {
      fail("index",
           {region.element && lua_istable(L, 2) ? "number expected, got " : "torch.*Tensor expected, got ",
            kindName(L, 3)});
    }
  } else if (isMask(L, x)) {
    const Tensor mask = checkTensor(L, 2, "index");
    if (number) {
      maskedFill(x, mask, lua_tonumber(L, 3));
    } else if (source && source->type == x.type()) {
      maskedCopy(x, mask, Tensor::share(const_cast<TensorImpl*>(source)));
    } else {
      fail("index", {"number or ", tensorTypeName(x.type()), " expected, got ", kindName(L, 3)});
    }
  } else {
    return lua_pushboolean(L, false), 1;
  }
  return lua_pushboolean(L, true), 1;
}

/// The element of a CPU vector that the numeric key at index 2 means: its offset, or -1 when it is something
/// else.
int64_t elementOffset(lua_State* L, const TensorImpl* x) {
  if (!x || x->nDimension != 1 || x->type.device != Device::CPU || lua_type(L, 2) != LUA_TNUMBER) return -1;
  const double key = lua_tonumber(L, 2);
  if (!(key >= 1 && key < static_cast<double>(x->size[0]) + 1)) return -1;
  return x->storageOffset + (static_cast<int64_t>(key) - 1) * x->stride[0];
}

// Upvalue 1 is the class.
int interpretedIndex(lua_State* L) {
  const TensorImpl* x = toTensor(L, 1);
  if (const int64_t offset = elementOffset(L, x); offset >= 0)
    return lua_pushnumber(L, elementAt(*x->storage, offset)), 1;
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    lua_gettable(L, lua_upvalueindex(1));
    if (!lua_isnil(L, -1)) return 1;
    lua_getfield(L, lua_upvalueindex(1), "__index__");  // a script may have set one of its own
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 2);
    if (!lua_toboolean(L, -1)) lua_pushnil(L), lua_replace(L, -3);
    return lua_pop(L, 1), 1;
  }
  if (protect<read>(L) == 2) return lua_pop(L, 1), 1;  // value, true
  lua_settop(L, 2);
  lua_rawget(L, lua_upvalueindex(1));
  return 1;
}

int interpretedNewindex(lua_State* L) {
  const TensorImpl* x = toTensor(L, 1);
  if (const int64_t offset = elementOffset(L, x); offset >= 0 && lua_type(L, 3) == LUA_TNUMBER)
    return setElementAt(*x->storage, offset, lua_tonumber(L, 3)), 0;
  protect<write>(L);
  if (lua_toboolean(L, -1)) return 0;
  return guarded(L, [x](lua_State*) -> int {
    throw Error(std::string("the class ") + (x ? tensorTypeName(x->type) : "?") + " cannot be indexed");
  });
}

}  // namespace

bool isNumberKey(lua_State* L, int i) {
  return lua_type(L, i) == LUA_TNUMBER || (lua_isnumber(L, i) && std::isfinite(lua_tonumber(L, i)));
}

void pushInterpretedIndexing(lua_State* L, int i) {
  lua_pushvalue(L, i);
  lua_pushcclosure(L, interpretedIndex, 1);
  lua_pushcfunction(L, interpretedNewindex);
}

void setIndexing(lua_State* L) {
  const Function hooks[] = {{"__index__", protect<read>}, {"__newindex__", protect<write>}};
  setFunctions(L, hooks);
}

}  // namespace cresset::lua
