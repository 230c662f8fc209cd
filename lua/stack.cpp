#include "lua/stack.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>

#include "tensor/Error.h"
#include "tensor/dispatch.h"
#include "tensor/memory.h"

namespace cresset::lua {
namespace {

// Addresses in this array are the registry keys of the metatables.
char classKeys[2][2 * kDTypes];
void* classKey(int kind, Type type) { return &classKeys[kind][typeCode(type)]; }

// Bytes of dropped tensors between collections. So few that memory comes back to new tensors while it is in
// the cache, where Lua's heap is small; a collection goes through all of it, 0.15 ms for each megabyte, and a
// large heap waits.
constexpr int64_t kLeastGarbage = 8 << 20, kCached = 32 << 20, kMostGarbage = 300 << 20;
constexpr int64_t kGarbageOfHeap = 8;  // times the heap's own size
std::atomic<int64_t> collectAt{kLeastGarbage};
std::atomic<bool> heapTracking{true};

/// Finishes the collection that Lua has begun, or makes a whole one. LUA_GCCOLLECT would sweep the heap
/// twice.
void collect(lua_State* L) {
  constexpr int kMostCalls = 100;  // one does what Lua thinks is due, which may end before the collection
  for (int i = 0; i < kMostCalls && !lua_gc(L, LUA_GCSTEP, std::numeric_limits<int>::max()); ++i) {
  }
}

/// Lua sees 16 bytes where a tensor holds megabytes: when tensors hold much more than they did after the last
/// collection, collect.
void relievePressure(lua_State* L) {
  if (memory::liveBytes() < collectAt.load(std::memory_order_relaxed)) [[likely]]
    return;
  if (!heapTracking.load(std::memory_order_relaxed)) return;
  collect(L);
  // What died after Lua had begun is still there.
  if (memory::liveBytes() >= collectAt.load(std::memory_order_relaxed)) collect(L);
  const int64_t live = memory::liveBytes();
  const int64_t few = std::max(kLeastGarbage, kGarbageOfHeap * (int64_t{lua_gc(L, LUA_GCCOUNT, 0)} << 10));
  collectAt = live + (few <= kCached ? few : std::max(kMostGarbage, live / 2));
}

void pushHandle(lua_State* L, void* object, ObjectKind kind, void* key, const char* typeName) {
  relievePressure(L);
  auto* handle = static_cast<Handle*>(lua_newuserdata(L, sizeof(Handle)));
  *handle = {object, kind, kMagic};
  lua_pushlightuserdata(L, key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (lua_isnil(L, -1)) [[unlikely]] {
    lua_pop(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, kClassMaker);
    lua_pushstring(L, typeName);
    lua_call(L, 1, 1);
  }
  lua_setmetatable(L, -2);
}

[[noreturn]] void failArgument(lua_State* L, int i, const char* function, const char* expected) {
  fail(function, {"argument ", text(int64_t{i}), ": expected ", expected, ", got ", kindName(L, i)});
}

bool startsWith(const char* text, const char* prefix) {
  return std::strncmp(text, prefix, std::strlen(prefix)) == 0;
}

}  // namespace

void setHeapTracking(bool on) { heapTracking = on; }

Tensor checkTensor(lua_State* L, int i, const char* function) {
  TensorImpl* impl = toTensor(L, i);
  if (!impl) failArgument(L, i, function, "torch.*Tensor");
  return Tensor::share(impl);
}

Storage checkStorage(lua_State* L, int i, const char* function) {
  StorageImpl* impl = toStorage(L, i);
  if (!impl) failArgument(L, i, function, "torch.*Storage");
  return Storage::share(impl);
}

uint64_t checkSeed(lua_State* L, int i, const char* function) {
  const double value = checkNumber(L, i, function);
  if (!(value > -9.2e18 && value < 1.8e19))
    fail(function, {"argument ", text(int64_t{i}), ": expected an integer, got ", text(value)});
  return value < 0 ? static_cast<uint64_t>(static_cast<int64_t>(value)) : static_cast<uint64_t>(value);
}

double checkNumber(lua_State* L, int i, const char* function) {
  if (!lua_isnumber(L, i)) failArgument(L, i, function, "number");
  return lua_tonumber(L, i);
}

int64_t checkInteger(lua_State* L, int i, const char* function) {
  const double value = checkNumber(L, i, function);
  if (!(std::fabs(value) < 9.2e18))
    fail(function, {"argument ", text(int64_t{i}), ": expected an integer, got ", text(value)});
  return static_cast<int64_t>(value);
}

bool toExactInteger(lua_State* L, int i, int64_t& value) {
  if (lua_type(L, i) != LUA_TSTRING) return false;
  const char* digits = lua_tostring(L, i);
  char* end;
  value = std::strtoll(digits, &end, 0);
  return end != digits && *end == '\0';
}

std::string checkString(lua_State* L, int i, const char* function) {
  size_t size;
  const char* data =
      lua_type(L, i) == LUA_TSTRING || lua_type(L, i) == LUA_TNUMBER ? lua_tolstring(L, i, &size) : nullptr;
  if (!data) failArgument(L, i, function, "string");
  return {data, size};
}

Shape checkSizes(lua_State* L, int i, const char* function) {
  Shape sizes;
  if (const StorageImpl* storage = toStorage(L, i)) {
    if (storage->type != kLong) failArgument(L, i, function, "torch.LongStorage or numbers");
    if (storage->size > kMaxDims)
      fail(function, {"argument ", text(int64_t{i}), ": at most ", text(int64_t{kMaxDims}),
                      " dimensions, got ", text(int64_t{storage->size})});
    return {Sizes(static_cast<const int64_t*>(storage->data), storage->size)};
  }
  for (const int top = lua_gettop(L); i <= top; ++i) sizes.push(checkInteger(L, i, function));
  return sizes;
}

std::string kindName(lua_State* L, int i) {
  if (lua_type(L, i) == LUA_TNONE) return "no value";
  if (const TensorImpl* x = toTensor(L, i)) return tensorTypeName(x->type);
  if (const StorageImpl* s = toStorage(L, i)) return storageTypeName(s->type);
  if (luaL_getmetafield(L, i, "__typename")) {
    std::string name = lua_tostring(L, -1) ? lua_tostring(L, -1) : "?";
    lua_pop(L, 1);
    return name;
  }
  return luaL_typename(L, i);
}

void push(lua_State* L, Tensor tensor) {
  if (!tensor) return lua_pushnil(L);
  const Type type = tensor.type();
  pushHandle(L, tensor.impl(), ObjectKind::Tensor, classKey(0, type), tensorTypeName(type));
  (void)tensor.detach();  // now the userdata's; not before, for Lua may be out of memory above
}

void push(lua_State* L, Storage storage) {
  if (!storage) return lua_pushnil(L);
  const Type type = storage.type();
  pushHandle(L, storage.impl(), ObjectKind::Storage, classKey(1, type), storageTypeName(type));
  (void)storage.detach();
}

void push(lua_State* L, Sizes sizes) {
  Storage storage(kLong, sizes.size());
  std::copy(sizes.begin(), sizes.end(), storage.data<int64_t>());
  push(L, std::move(storage));
}

void push(lua_State* L, const std::string& text) { lua_pushlstring(L, text.data(), text.size()); }

void pushObject(lua_State* L, void* object, ObjectKind kind, const char* className) {
  auto* handle = static_cast<Handle*>(lua_newuserdata(L, sizeof(Handle)));
  *handle = {object, kind, kMagic};
  luaL_getmetatable(L, className);
  lua_setmetatable(L, -2);
}

namespace {

/// Reads the sizes along the first entries of each level.
void probe(lua_State* L, int i, Shape& sizes, Type type) {
  const auto n = static_cast<int64_t>(lua_objlen(L, i));
  if (n == 0 && sizes.size() > 0) fail(tensorTypeName(type), {"invalid element (not a number)"});
  if (n == 0) return;
  sizes.push(n);
  lua_rawgeti(L, i, 1);
  if (lua_istable(L, -1)) probe(L, lua_gettop(L), sizes, type);
  lua_pop(L, 1);
}

/// The number at the top of the stack.
template <class V> V element(lua_State* L) {
  int64_t integer;
  if constexpr (std::is_integral_v<V>)
    if (toExactInteger(L, -1, integer)) return integer;
  return fromDouble<V>(lua_tonumber(L, -1));
}

template <class V> void readLevel(lua_State* L, int i, Sizes sizes, int level, V*& out, Type type) {
  if (!lua_istable(L, i))
    fail(tensorTypeName(type), {"invalid tensor definition: expected a table of ", text(sizes[level]),
                                " entries, got ", kindName(L, i)});
  if (static_cast<int64_t>(lua_objlen(L, i)) != sizes[level])
    fail(tensorTypeName(type), {"invalid tensor sizes: expected ", text(sizes[level]), " entries, got ",
                                text(static_cast<int64_t>(lua_objlen(L, i)))});
  luaL_checkstack(L, 2, "table nested too deep");
  for (int64_t k = 1; k <= sizes[level]; ++k) {
    lua_rawgeti(L, i, static_cast<int>(k));
    if (level + 1 < sizes.size()) {
      readLevel(L, lua_gettop(L), sizes, level + 1, out, type);
    } else {
      if (!lua_isnumber(L, -1))
        fail(tensorTypeName(type), {"invalid element (not a number): got ", kindName(L, -1)});
      *out++ = element<V>(L);
    }
    lua_pop(L, 1);
  }
}

}  // namespace

Tensor tensorFromTable(lua_State* L, int i, Type type) {
  if (i < 0) i = lua_gettop(L) + i + 1;
  Shape sizes;
  probe(L, i, sizes, type);
  // Long for all integers: it holds what a text says, and the others are cut from it.
  const Tensor values(contains(Integer, type.dtype) ? kLong : kDouble, sizes);
  if (!values.empty()) {
    visit<bit(DType::Long) | bit(DType::Double)>("tensor", values.type(), [&]<class V>() {
      V* out = values.data<V>();
      readLevel(L, i, sizes, 0, out, type);
    });
  }
  return values.to(type);
}

namespace {
Type defaultType;
}
Type defaultTensorType() { return defaultType; }
void setDefaultTensorType(Type type) { defaultType = type; }

void setTensorClass(lua_State* L, Type type) {
  lua_pushlightuserdata(L, classKey(0, type));
  lua_insert(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

void setStorageClass(lua_State* L, Type type) {
  lua_pushlightuserdata(L, classKey(1, type));
  lua_insert(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

void addUserPosition(lua_State* L) {
  lua_Debug frame;
  for (int level = 1; lua_getstack(L, level, &frame); ++level) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline < 0 || startsWith(frame.source, "@cresset/") || startsWith(frame.source, "=[C]"))
      continue;
    lua_pushfstring(L, "%s:%d: ", frame.short_src, frame.currentline);
    // An error that came through a callback has its place already.
    if (startsWith(lua_tostring(L, -2), lua_tostring(L, -1))) return lua_pop(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    return;
  }
}

}  // namespace cresset::lua
