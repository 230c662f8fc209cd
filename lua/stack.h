// The border between Lua and C++: objects as userdata, errors as Lua errors.
#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string>

#include "tensor/Generator.h"
#include "tensor/Storage.h"
#include "tensor/Tensor.h"

namespace cresset::lua {

/// What a Torch userdata points to. `Other` is an object of a class that Lua code defined, by
/// torch.pushudata.
enum class ObjectKind : uint32_t {
  Tensor = 1,
  Storage,
  Generator,
  File,
  Allocator,
  Other,
  Hash,
  Vec,
  Counter
};

/// The content of every Torch userdata. The pointer comes first: FFI code casts the userdata to
/// `THDoubleTensor**`.
struct Handle {
  void* object;
  ObjectKind kind;
  uint32_t magic;
};
inline constexpr uint32_t kMagic = 0xC4E55E7u;

/// The handle at stack index i, or null when something else is there.
inline Handle* toHandle(lua_State* L, int i) {
  auto* handle = static_cast<Handle*>(lua_touserdata(L, i));
  if (!handle || lua_objlen(L, i) != sizeof(Handle)) return nullptr;  // a light one has no length
  return handle->magic == kMagic ? handle : nullptr;
}
template <class T> T* toObject(lua_State* L, int i, ObjectKind kind) {
  Handle* handle = toHandle(L, i);
  return handle && handle->kind == kind ? static_cast<T*>(handle->object) : nullptr;
}

/// The tensor, storage or generator at index i; null when something else is there.
inline TensorImpl* toTensor(lua_State* L, int i) { return toObject<TensorImpl>(L, i, ObjectKind::Tensor); }
inline StorageImpl* toStorage(lua_State* L, int i) {
  return toObject<StorageImpl>(L, i, ObjectKind::Storage);
}
inline Generator* toGenerator(lua_State* L, int i) {
  return toObject<Generator>(L, i, ObjectKind::Generator);
}

inline const THAllocator* toAllocator(lua_State* L, int i) {
  return toObject<const THAllocator>(L, i, ObjectKind::Allocator);
}

// Throw Error naming the function, the argument's position and what came.
Tensor checkTensor(lua_State* L, int i, const char* function);
Storage checkStorage(lua_State* L, int i, const char* function);
/// Of a generator: any integer of 64 bits, with or without a sign.
uint64_t checkSeed(lua_State* L, int i, const char* function);
double checkNumber(lua_State* L, int i, const char* function);
int64_t checkInteger(lua_State* L, int i, const char* function);
std::string checkString(lua_State* L, int i, const char* function);
/// Whether a text stands at i that C reads as an integer, in its base: `12`, `0x10`, `010`. A double would
/// round it above 2^53.
bool toExactInteger(lua_State* L, int i, int64_t& value);
/// A LongStorage at i, or numbers from i to the last argument. Numbers truncate.
Shape checkSizes(lua_State* L, int i, const char* function);

/// `torch.FloatTensor`, `number`, `nil`...: what messages call the value at i.
std::string kindName(lua_State* L, int i);

// Push a userdata that holds one reference. Nil for a null handle.
void push(lua_State* L, Tensor tensor);
void push(lua_State* L, Storage storage);
/// A new torch.LongStorage with these numbers.
void push(lua_State* L, Sizes sizes);
void push(lua_State* L, const std::string& text);
/// A userdata of another kind, which owns `object` through its metatable's __gc.
void pushObject(lua_State* L, void* object, ObjectKind kind, const char* className);

/// Whether tensors that hold much memory make Lua collect its garbage; they do at first.
void setHeapTracking(bool on);

/// Reads a Lua table of numbers, nested to any depth, as Torch7's constructor does.
Tensor tensorFromTable(lua_State* L, int i, Type type);

/// The default tensor type, `torch.setdefaulttensortype`.
Type defaultTensorType();
void setDefaultTensorType(Type type);

/// A type as a number from 0 to 2 kDTypes - 1, which Lua can keep.
inline int typeCode(Type type) {
  return static_cast<int>(type.dtype) + (type.device == Device::CUDA ? kDTypes : 0);
}
inline Type typeFromCode(int code) {
  return {static_cast<DType>(code % kDTypes), code >= kDTypes ? Device::CUDA : Device::CPU};
}

/// The registry's name of a Lua function that makes the class of that type name, when the first is needed.
inline constexpr const char* kClassMaker = "cresset.classMaker";

/// Remembers the metatable on top of the stack for userdata of this type, and pops it.
void setTensorClass(lua_State* L, Type type);
void setStorageClass(lua_State* L, Type type);

/// Puts the `file:line: ` of the innermost frame that is not Cresset's own before the message on top of the
/// stack.
void addUserPosition(lua_State* L);

/// Runs `body`; an exception becomes a Lua error that points at the user's line. Everything that Lua calls
/// goes through this function, so no exception crosses a Lua frame.
template <class Body> int guarded(lua_State* L, Body body) {
  try {
    return body(L);
  } catch (const std::exception& e) {  // not (...): Lua's own errors would be caught and lost
    lua_pushstring(L, e.what());
  }
  addUserPosition(L);
  return lua_error(L);
}

/// A C function for Lua from a function that may throw.
template <int (*body)(lua_State*)> int protect(lua_State* L) { return guarded(L, body); }

struct Function {
  const char* name;
  lua_CFunction function;
};
/// Sets the functions as fields of the table on top of the stack.
template <size_t N> void setFunctions(lua_State* L, const Function (&functions)[N]) {
  for (const Function& f : functions) {
    lua_pushcfunction(L, f.function);
    lua_setfield(L, -2, f.name);
  }
}

}  // namespace cresset::lua
