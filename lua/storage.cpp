#include "lua/storage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "lua/indexing.h"
#include "lua/stack.h"
#include "tensor/Error.h"
#include "tensor/ops/copy.h"

namespace cresset::lua {
namespace {

Storage self(lua_State* L, const char* method) { return checkStorage(L, 1, method); }

/// A storage's elements as a 1-D tensor.
Tensor asTensor(const Storage& s) { return Tensor(s, 0, {s.size()}); }

/// A view on part of another storage keeps that one alive.
const Allocator kPartOfStorage = {
    nullptr, [](void*, int64_t, void* owner) { Storage::adopt(static_cast<StorageImpl*>(owner)); }};

struct Mapping {
  void* address;
  size_t bytes;
};
const Allocator kMappedFile = {nullptr, [](void*, int64_t, void* context) {
                                 const std::unique_ptr<Mapping> mapping(static_cast<Mapping*>(context));
                                 munmap(mapping->address, mapping->bytes);
                               }};

/// Maps a file, or a POSIX shared-memory object; `shared` writes reach it and create or extend it to `size`
/// elements.
Storage mapFile(Type type, const std::string& name, bool shared, int64_t size, bool sharedMemory) {
  const char* op = storageTypeName(type);
  const int64_t unit = elementSize(type.dtype);
  if (size < 0 || size > (int64_t{1} << 50)) fail(op, {"invalid size ", text(size)});
  const int flags = shared ? O_RDWR | O_CREAT : O_RDONLY;
  const int fd =
      sharedMemory ? shm_open(name.c_str(), flags, 0600) : open(name.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0)
    fail(op, {"unable to open file <", name, "> in ", shared ? "read-write" : "read-only",
              " mode: ", std::strerror(errno)});
  struct stat info;
  int64_t bytes = fstat(fd, &info) == 0 ? info.st_size : 0;
  if (shared && size * unit > bytes && ftruncate(fd, size * unit) == 0) bytes = size * unit;
  const int64_t count = size > 0 ? size : bytes / unit;
  if (count <= 0 || count * unit > bytes) {
    close(fd);
    fail(op, {"file <", name, "> has ", text(bytes), " bytes, expected ",
              text(std::max<int64_t>(count, 1) * unit)});
  }
  void* address = mmap(nullptr, static_cast<size_t>(count * unit), PROT_READ | PROT_WRITE,
                       shared ? MAP_SHARED : MAP_PRIVATE, fd, 0);
  close(fd);
  if (address == MAP_FAILED) fail(op, {"cannot map file <", name, ">: ", std::strerror(errno)});
  return Storage::borrow(type, address, count, &kMappedFile,
                         new Mapping{address, static_cast<size_t>(count * unit)});
}

Storage partOf(lua_State* L, const Storage& whole, Type type) {
  const char* op = storageTypeName(type);
  if (whole.type() != type) fail(op, {"argument 1: expected ", op, ", got ", storageTypeName(whole.type())});
  const int64_t offset = lua_isnoneornil(L, 2) ? 0 : checkInteger(L, 2, op) - 1;
  if (offset < 0 || offset > whole.size())
    fail(op, {"argument 2: offset out of bounds: ", text(offset + 1), " of ", text(whole.size())});
  const int64_t size = lua_isnoneornil(L, 3) ? whole.size() - offset : checkInteger(L, 3, op);
  if (size < 1 || size > whole.size() - offset)
    fail(op, {"argument 3: size out of bounds: ", text(size), " from ", text(offset + 1), " of ",
              text(whole.size())});
  Storage owner = whole;
  char* data = whole.data<char>() + offset * elementSize(type.dtype);
  return Storage::borrow(type, data, size, &kPartOfStorage, owner.detach());
}

/// An uninitialised storage, from the allocator if there is one.
Storage allocated(Type type, int64_t size, const THAllocator* allocator) {
  return allocator ? Storage(type, size, *allocator) : Storage(type, size);
}

/// An address at index i: a number, or an integer of the FFI such as torch.data(x, true).
void* checkAddress(lua_State* L, int i, const char* op) {
  constexpr int kCdata = 10;  // LuaJIT's own type
  if (lua_type(L, i) == kCdata) {
    lua_getglobal(L, "tonumber");
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    lua_replace(L, i);
  }
  const auto address = static_cast<uintptr_t>(checkNumber(L, i, op));
  if (address == 0) fail(op, {"argument ", text(int64_t{i}), ": expected an address, got 0"});
  return reinterpret_cast<void*>(address);
}

Storage construct(lua_State* L, Type type) {
  const char* op = storageTypeName(type);
  const THAllocator* allocator = toAllocator(L, 1);
  if (allocator) {
    if (type.device != Device::CPU) fail(op, {"argument 1: a torch.Allocator has memory of the CPU only"});
    lua_remove(L, 1);
  }
  if (lua_isnoneornil(L, 1)) return allocated(type, 0, allocator);
  if (toStorage(L, 1)) return partOf(L, checkStorage(L, 1, op), type);
  if (lua_istable(L, 1)) {
    const auto n = static_cast<int64_t>(lua_objlen(L, 1));
    Storage s = allocated(type, n, allocator);
    for (int64_t i = 0; i < n; ++i) {
      lua_rawgeti(L, 1, static_cast<int>(i + 1));
      if (!lua_isnumber(L, -1))
        fail(op, {"element at index ", text(i + 1), " is not a number: got ", kindName(L, -1)});
      asTensor(s).setAt({i}, lua_tonumber(L, -1));
      lua_pop(L, 1);
    }
    return s;
  }
  if (lua_type(L, 1) == LUA_TSTRING && !lua_isnumber(L, 1)) {
    if (type.device != Device::CPU) fail(op, {"files can be mapped on the CPU only"});
    return mapFile(type, checkString(L, 1, op), lua_toboolean(L, 2),
                   lua_isnoneornil(L, 3) ? 0 : checkInteger(L, 3, op), lua_toboolean(L, 4));
  }
  const int64_t size = checkInteger(L, 1, op);
  if (lua_isnoneornil(L, 2)) return allocated(type, size, allocator);
  // The caller's own memory, by its address.
  if (size < 0) fail(op, {"invalid size ", text(size)});
  return Storage::borrow(type, checkAddress(L, 2, op), size);
}

int constructor(lua_State* L) {
  return guarded(L, [](lua_State* state) {
    push(state, construct(state, typeFromCode(static_cast<int>(lua_tointeger(state, lua_upvalueindex(1))))));
    return 1;
  });
}

int size(lua_State* L) { return lua_pushnumber(L, static_cast<double>(self(L, "size").size())), 1; }

int resize(lua_State* L) {
  self(L, "resize").resize(checkInteger(L, 2, "resize"));
  return lua_pushvalue(L, 1), 1;
}

int fillAll(lua_State* L) {
  const Storage s = self(L, "fill");
  const double value = checkNumber(L, 2, "fill");
  if (s.size() > 0) fill(asTensor(s), value);
  return lua_pushvalue(L, 1), 1;
}

int copyFrom(lua_State* L) {
  const Storage to = self(L, "copy"), from = checkStorage(L, 2, "copy");
  if (to.size() != from.size())
    fail("copy", {"size mismatch: ", text(to.size()), " and ", text(from.size()), " elements"});
  if (to.size() > 0) asTensor(to).copy(asTensor(from));
  return lua_pushvalue(L, 1), 1;
}

int totable(lua_State* L) {
  const Storage s = self(L, "totable");
  lua_createtable(L, static_cast<int>(s.size()), 0);
  if (s.size() == 0) return 1;
  const Tensor values = asTensor(s).to({s.type().dtype, Device::CPU});
  for (int64_t i = 0; i < s.size(); ++i) {
    lua_pushnumber(L, values.at({i}));
    lua_rawseti(L, -2, static_cast<int>(i + 1));
  }
  return 1;
}

int string(lua_State* L) {
  const Storage s = self(L, "string");
  if (lua_isnoneornil(L, 2)) return lua_pushlstring(L, s.data<char>(), static_cast<size_t>(s.size())), 1;
  const std::string bytes = checkString(L, 2, "string");
  Storage target = s;
  target.resize(static_cast<int64_t>(bytes.size()));
  if (!bytes.empty()) std::memcpy(target.data(), bytes.data(), bytes.size());
  return lua_pushvalue(L, 1), 1;
}

int64_t position(lua_State* L, const Storage& s) {
  const double key = lua_tonumber(L, 2);
  if (!(key >= 1 && key < static_cast<double>(s.size()) + 1))
    fail("index",
         {"out of bounds: ", text(key), " of ", storageTypeName(s.type()), " of size ", text(s.size())});
  return static_cast<int64_t>(key) - 1;
}

int read(lua_State* L) {
  const Storage s = self(L, "index");
  if (!isNumberKey(L, 2)) return lua_pushboolean(L, false), 1;
  lua_pushnumber(L, asTensor(s).at({position(L, s)}));
  return lua_pushboolean(L, true), 2;
}

int write(lua_State* L) {
  const Storage s = self(L, "index");
  if (!isNumberKey(L, 2)) return lua_pushboolean(L, false), 1;
  asTensor(s).setAt({position(L, s)}, checkNumber(L, 3, "index"));
  return lua_pushboolean(L, true), 1;
}

int retain(lua_State* L) {
  Storage s = self(L, "retain");
  (void)s.detach();
  return 0;
}
int release(lua_State* L) {
  StorageImpl* impl = toStorage(L, 1);
  if (impl && impl->refcount.load() > 1) Storage::adopt(impl);
  return 0;
}

int toText(lua_State* L) { return push(L, toString(self(L, "tostring"))), 1; }

int equalObjects(lua_State* L) {
  const Handle *a = toHandle(L, 1), *b = toHandle(L, 2);
  return lua_pushboolean(L, a && b && a->object == b->object), 1;
}

int collect(lua_State* L) {
  if (Handle* handle = toHandle(L, 1); handle && handle->kind == ObjectKind::Storage && handle->object) {
    Storage::adopt(static_cast<StorageImpl*>(handle->object));
    handle->object = nullptr;
    handle->magic = 0;
  }
  return 0;
}

}  // namespace

void setStorageMethods(lua_State* L, Type type) {
  const Function methods[] = {
      {"size", protect<size>},     {"resize", protect<resize>},       {"fill", protect<fillAll>},
      {"copy", protect<copyFrom>}, {"totable", protect<totable>},     {"retain", protect<retain>},
      {"free", protect<release>},  {"__index__", protect<read>},      {"__newindex__", protect<write>},
      {"__len__", protect<size>},  {"__tostring__", protect<toText>}, {"__eq", equalObjects},
      {"__gc", collect},
  };
  setFunctions(L, methods);
  if (elementSize(type.dtype) == 1) {
    const Function bytes[] = {{"string", protect<string>}};
    setFunctions(L, bytes);
  }
  setElementSize(L, type);
  pushStorageConstructor(L, type);
  lua_setfield(L, -2, "new");
}

void setElementSize(lua_State* L, Type type) {
  lua_pushinteger(L, static_cast<lua_Integer>(elementSize(type.dtype)));
  lua_pushcclosure(
      L, [](lua_State* state) { return lua_pushvalue(state, lua_upvalueindex(1)), 1; }, 1);
  lua_setfield(L, -2, "elementSize");
}

void pushStorageConstructor(lua_State* L, Type type) {
  lua_pushinteger(L, typeCode(type));
  lua_pushcclosure(L, constructor, 1);
}

}  // namespace cresset::lua
