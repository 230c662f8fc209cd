#include "lua/tds.h"

#include <algorithm>
#include <cmath>

#include "lua/containers.h"
#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

constexpr const char* kHashName = "tds.Hash";
constexpr const char* kVecName = "tds.Vec";
constexpr const char* kCounterName = "tds.AtomicCounter";

template <class T> constexpr ObjectKind kKindOf = ObjectKind::Hash;
template <> constexpr ObjectKind kKindOf<Vec> = ObjectKind::Vec;
template <> constexpr ObjectKind kKindOf<Counter> = ObjectKind::Counter;
template <class T> constexpr const char* kNameOf = kHashName;
template <> constexpr const char* kNameOf<Vec> = kVecName;
template <> constexpr const char* kNameOf<Counter> = kCounterName;

template <class T> T& self(lua_State* L, const char* method) {
  T* object = toObject<T>(L, 1, kKindOf<T>);
  if (!object) fail(method, {"argument 1: expected ", kNameOf<T>, ", got ", kindName(L, 1)});
  return *object;
}

template <class T> void pushContainer(lua_State* L, const Ref<T>& ref) {
  pushObject(L, ref.get(), kKindOf<T>, kNameOf<T>);
  ref.get()->retain();  // not before, for Lua may be out of memory above
}

void pushElement(lua_State* L, const Element& element) {
  if (const auto* number = std::get_if<double>(&element)) return lua_pushnumber(L, *number);
  if (const auto* string = std::get_if<std::string>(&element)) return push(L, *string);
  if (const auto* boolean = std::get_if<bool>(&element)) return lua_pushboolean(L, *boolean);
  if (const auto* tensor = std::get_if<Tensor>(&element)) return push(L, *tensor);
  if (const auto* storage = std::get_if<Storage>(&element)) return push(L, *storage);
  if (const auto* hash = std::get_if<Ref<Hash>>(&element)) return pushContainer(L, *hash);
  if (const auto* vec = std::get_if<Ref<Vec>>(&element)) return pushContainer(L, *vec);
  if (const auto* counter = std::get_if<Ref<Counter>>(&element)) return pushContainer(L, *counter);
  lua_pushnil(L);
}

/// The value at index i as an element; false when no container can hold it.
bool readElement(lua_State* L, int i, Element& element) {
  switch (lua_type(L, i)) {
    case LUA_TNONE:
    case LUA_TNIL:
      element = std::monostate{};
      return true;
    case LUA_TBOOLEAN:
      element = lua_toboolean(L, i) != 0;
      return true;
    case LUA_TNUMBER:
      element = lua_tonumber(L, i);
      return true;
    case LUA_TSTRING: {
      size_t size;
      const char* data = lua_tolstring(L, i, &size);
      element = std::string(data, size);
      return true;
    }
    default:
      break;
  }
  const Handle* handle = toHandle(L, i);
  if (!handle || !handle->object) return false;
  switch (handle->kind) {
    case ObjectKind::Tensor:
      element = Tensor::share(static_cast<TensorImpl*>(handle->object));
      return true;
    case ObjectKind::Storage:
      element = Storage::share(static_cast<StorageImpl*>(handle->object));
      return true;
    case ObjectKind::Hash:
      element = Ref<Hash>::share(static_cast<Hash*>(handle->object));
      return true;
    case ObjectKind::Vec:
      element = Ref<Vec>::share(static_cast<Vec*>(handle->object));
      return true;
    case ObjectKind::Counter:
      element = Ref<Counter>::share(static_cast<Counter*>(handle->object));
      return true;
    default:
      return false;
  }
}

Element checkElement(lua_State* L, int i, const char* function) {
  Element element;
  if (!readElement(L, i, element))
    fail(function,
         {"argument ", text(int64_t{i}), ": expected nil, boolean, number, string, tensor, storage or tds ",
          "container, got ", kindName(L, i)});
  return element;
}

int isElement(lua_State* L) {
  Element element;
  return lua_pushboolean(L, readElement(L, 1, element)), 1;
}

template <class T> int create(lua_State* L) {
  pushContainer(L, Ref<T>::adopt(new T));
  return 1;
}

template <class T> int collect(lua_State* L) {
  Handle* handle = toHandle(L, 1);
  if (handle && handle->kind == kKindOf<T> && handle->object) {
    static_cast<Container*>(static_cast<T*>(handle->object))->release();
    *handle = {};
  }
  return 0;
}

template <class T> int retain(lua_State* L) { return self<T>(L, "retain").retain(), 0; }
template <class T> int release(lua_State* L) { return self<T>(L, "free").release(), 0; }

int equal(lua_State* L) {
  const Handle *a = toHandle(L, 1), *b = toHandle(L, 2);
  return lua_pushboolean(L, a && b && a->object == b->object), 1;
}

int hashGet(lua_State* L) {
  const Hash& hash = self<Hash>(L, kHashName);
  const Element* value = hash.find(checkElement(L, 2, kHashName));
  if (value) pushElement(L, *value);
  return value != nullptr;
}

int hashSet(lua_State* L) {
  if (lua_isnoneornil(L, 2)) fail(kHashName, {"[key] value expected, got nil"});
  self<Hash>(L, kHashName).set(checkElement(L, 2, kHashName), checkElement(L, 3, kHashName));
  return 0;
}

int hashSize(lua_State* L) { return lua_pushnumber(L, static_cast<double>(self<Hash>(L, "#").size())), 1; }

/// Step of a traversal: upvalue 1 is the position.
int hashNext(lua_State* L) {
  auto position = static_cast<int64_t>(lua_tonumber(L, lua_upvalueindex(1)));
  const Hash::Entry* entry = self<Hash>(L, "pairs").next(position);
  lua_pushnumber(L, static_cast<double>(position));
  lua_replace(L, lua_upvalueindex(1));
  if (!entry) return 0;
  pushElement(L, entry->key);
  pushElement(L, entry->value);
  return 2;
}

int hashPairs(lua_State* L) {
  (void)self<Hash>(L, "pairs");
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, protect<hashNext>, 1);
  lua_pushvalue(L, 1);
  return 2;
}

constexpr int64_t kMaxElements = int64_t{1} << 40;

int64_t checkPosition(lua_State* L, int i, const char* function, int64_t last) {
  const int64_t position = checkInteger(L, i, function);
  if (position < 1 || position > last)
    fail(function, {"argument ", text(int64_t{i}), ": index out of bounds: expected 1 to ", text(last),
                    ", got ", text(position)});
  return position;
}

/// An element, or a method: upvalue 1 is the metatable.
int vecGet(lua_State* L) {
  const Vec& vec = self<Vec>(L, kVecName);
  if (lua_type(L, 2) == LUA_TNUMBER) {
    const double key = lua_tonumber(L, 2);
    if (!(key >= 1 && key < static_cast<double>(vec.elements.size()) + 1)) return 0;
    pushElement(L, vec.elements[static_cast<size_t>(key) - 1]);
    return 1;
  }
  lua_settop(L, 2);
  lua_rawget(L, lua_upvalueindex(1));
  if (lua_isnil(L, -1)) fail(kVecName, {"invalid key (number) or method name"});
  return 1;
}

int vecSet(lua_State* L) {
  Vec& vec = self<Vec>(L, kVecName);
  if (lua_type(L, 2) != LUA_TNUMBER)
    fail(kVecName, {"invalid key (number) or method name: got ", kindName(L, 2)});
  const int64_t position = checkPosition(L, 2, kVecName, kMaxElements);
  Element value = checkElement(L, 3, kVecName);
  if (position > static_cast<int64_t>(vec.elements.size()))
    vec.elements.resize(static_cast<size_t>(position));
  vec.elements[static_cast<size_t>(position) - 1] = std::move(value);
  return 0;
}

int vecSize(lua_State* L) {
  return lua_pushnumber(L, static_cast<double>(self<Vec>(L, "#").elements.size())), 1;
}

int vecNext(lua_State* L) {
  const Vec& vec = self<Vec>(L, "pairs");
  const int64_t position = checkInteger(L, 2, "pairs");
  if (position < 0 || position >= static_cast<int64_t>(vec.elements.size())) return 0;
  lua_pushnumber(L, static_cast<double>(position + 1));
  pushElement(L, vec.elements[static_cast<size_t>(position)]);
  return 2;
}

int vecPairs(lua_State* L) {
  (void)self<Vec>(L, "pairs");
  lua_pushcfunction(L, protect<vecNext>);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

/// vec:insert([position,] value)
int vecInsert(lua_State* L) {
  Vec& vec = self<Vec>(L, "insert");
  const auto size = static_cast<int64_t>(vec.elements.size());
  const int count = lua_gettop(L);
  if (count != 2 && count != 3)
    fail("insert", {"expected [position,] value, got ", text(int64_t{count - 1}), " arguments"});
  const int64_t position = count == 3 ? checkPosition(L, 2, "insert", size + 1) : size + 1;
  vec.elements.insert(vec.elements.begin() + (position - 1), checkElement(L, count, "insert"));
  return 0;
}

/// vec:remove([position]) -> the removed element; nothing when the vector is empty.
int vecRemove(lua_State* L) {
  Vec& vec = self<Vec>(L, "remove");
  const auto size = static_cast<int64_t>(vec.elements.size());
  if (size == 0) return 0;
  const int64_t position = lua_isnoneornil(L, 2) ? size : checkPosition(L, 2, "remove", size);
  const Element removed = std::move(vec.elements[static_cast<size_t>(position) - 1]);
  vec.elements.erase(vec.elements.begin() + (position - 1));
  pushElement(L, removed);
  return 1;
}

int vecResize(lua_State* L) {
  Vec& vec = self<Vec>(L, "resize");
  const int64_t size = checkInteger(L, 2, "resize");
  if (size < 0 || size > kMaxElements) fail("resize", {"argument 2: invalid size ", text(size)});
  vec.elements.resize(static_cast<size_t>(size));
  return 0;
}

/// Sorts numbers, or strings, in ascending order.
int vecSort(lua_State* L) {
  std::vector<Element>& elements = self<Vec>(L, "sort").elements;
  for (const Element& element : elements)
    if (element.index() != elements[0].index() ||
        !(std::holds_alternative<double>(element) || std::holds_alternative<std::string>(element)))
      fail("sort",
           {"expected numbers alone or strings alone; pass a function less(a, b) for other elements"});
  std::sort(elements.begin(), elements.end(), [](const Element& a, const Element& b) {
    const auto* x = std::get_if<double>(&a);
    if (!x) return std::get<std::string>(a) < std::get<std::string>(b);
    const double y = std::get<double>(b);
    return std::isnan(y) ? !std::isnan(*x) : *x < y;  // NaN last: the order must be one
  });
  return 0;
}

std::string concatenated(lua_State* L, const char* function) {
  const std::vector<Element>& elements = self<Vec>(L, function).elements;
  const std::string separator = lua_isnoneornil(L, 2) ? "" : checkString(L, 2, function);
  const auto size = static_cast<int64_t>(elements.size());
  const int64_t first = lua_isnoneornil(L, 3) ? 1 : checkInteger(L, 3, function);
  const int64_t last = lua_isnoneornil(L, 4) ? size : checkInteger(L, 4, function);
  std::string joined;
  for (int64_t i = first; i <= last; ++i) {
    if (i < 1 || i > size)
      fail(function, {"index out of bounds: expected 1 to ", text(size), ", got ", text(i)});
    const Element& element = elements[static_cast<size_t>(i) - 1];
    if (i > first) joined += separator;
    if (const auto* string = std::get_if<std::string>(&element)) {
      joined += *string;
    } else if (std::holds_alternative<double>(element)) {
      pushElement(L, element);
      joined += lua_tostring(L, -1);  // as Lua writes numbers
      lua_pop(L, 1);
    } else {
      fail(function, {"expected strings and numbers, element ", text(i), " is neither"});
    }
  }
  return joined;
}

int vecConcat(lua_State* L) { return push(L, concatenated(L, "concat")), 1; }

int vecConcatStorage(lua_State* L) {
  const std::string joined = concatenated(L, "concatstorage");
  const Storage storage({DType::Char, Device::CPU}, static_cast<int64_t>(joined.size()));
  std::copy(joined.begin(), joined.end(), storage.data<char>());
  push(L, storage);
  return 1;
}

int pushCount(lua_State* L, int64_t count) { return lua_pushnumber(L, static_cast<double>(count)), 1; }
int counterIncrement(lua_State* L) { return pushCount(L, self<Counter>(L, "inc").value.fetch_add(1)); }
int counterGet(lua_State* L) { return pushCount(L, self<Counter>(L, "get").value.load()); }
int counterSet(lua_State* L) { return self<Counter>(L, "set").value.store(checkInteger(L, 2, "set")), 0; }

/// Pushes a new metatable with what all containers have.
template <class T> void newClass(lua_State* L) {
  luaL_newmetatable(L, kNameOf<T>);
  const Function functions[] = {
      {"__gc", collect<T>}, {"__eq", equal}, {"retain", protect<retain<T>>}, {"free", protect<release<T>>}};
  setFunctions(L, functions);
}

int open(lua_State* L) {
  lua_newtable(L);
  newClass<Hash>(L);
  const Function hash[] = {{"__index", protect<hashGet>},
                           {"__newindex", protect<hashSet>},
                           {"__len", protect<hashSize>},
                           {"__pairs", protect<hashPairs>}};
  setFunctions(L, hash);
  lua_setfield(L, -2, "Hash");

  newClass<Vec>(L);
  const Function vec[] = {{"__newindex", protect<vecSet>}, {"__len", protect<vecSize>},
                          {"__pairs", protect<vecPairs>},  {"__ipairs", protect<vecPairs>},
                          {"insert", protect<vecInsert>},  {"remove", protect<vecRemove>},
                          {"resize", protect<vecResize>},  {"sortElements", protect<vecSort>},
                          {"concat", protect<vecConcat>},  {"concatstorage", protect<vecConcatStorage>}};
  setFunctions(L, vec);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, protect<vecGet>, 1);
  lua_setfield(L, -2, "__index");
  lua_setfield(L, -2, "Vec");

  newClass<Counter>(L);
  const Function counter[] = {
      {"inc", protect<counterIncrement>}, {"get", protect<counterGet>}, {"set", protect<counterSet>}};
  setFunctions(L, counter);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_setfield(L, -2, "AtomicCounter");

  const Function functions[] = {{"newHash", protect<create<Hash>>},
                                {"newVec", protect<create<Vec>>},
                                {"newCounter", protect<create<Counter>>},
                                {"isElement", protect<isElement>}};
  setFunctions(L, functions);
  return 1;
}

}  // namespace
}  // namespace cresset::lua

extern "C" int luaopen_cresset_tds(lua_State* L) { return cresset::lua::guarded(L, cresset::lua::open); }
