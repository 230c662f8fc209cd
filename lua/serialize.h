// torch.save, torch.load and their kin, and the object methods of files.
#pragma once

#include <lua.hpp>

namespace cresset::lua {

// Methods of torch.File.
/// file:readObject([options]) -> value
int readObject(lua_State* L);
/// file:writeObject(value [, name [, hook]])
int writeObject(lua_State* L);
/// file:isWritableObject(value) -> tag, or nil for what cannot be written
int isWritableObject(lua_State* L);

/// Adds to the table on top of the stack
///   save(path, value [, mode [, referenced]])
///   load(path [, mode [, referenced]] [, options])
///   serialize(value [, mode]) -> string
///   deserialize(string [, mode] [, options])
///   serializeToStorage(value [, mode]) -> CharStorage
///   deserializeFromStorage(CharStorage [, mode] [, options])
///   readPayload(object, file), writePayload(object, file)   `read` and `write` of tensors, storages and
///                                                           generators
///   setClasses(instantiate, typename, standIn)   what reading and writing asks Lua
/// Options are a table: mode, referenced, device = 'cpu', functions = true, unknown = 'table'.
void setSerializeFunctions(lua_State* L);

/// Pushes instantiate(className, version, unknownTables, file), which returns an object without fields and,
/// when its class reads itself, the function read(object, file, version); or nil and a message.
void pushInstantiate(lua_State* L);
/// Replaces the value on top by its class name, or nil.
void pushTypeName(lua_State* L);
/// Pushes the Lua function that a file holds in place of the function at index i, one of nn or optim; or nil.
void pushStandIn(lua_State* L, int i);

struct LuaFile;

/// Runs the method with which a class reads or writes itself in a coroutine: where it reads or writes an
/// object, it is suspended and the caller's loop does that, so that nesting is bounded by memory and not by
/// C's stack. Resumes it with the `arguments` values on top of L, which are taken. True when it ended. False
/// when it wants an object: for readObject nothing is pushed; for writeObject the object and its hook, or
/// nil. An error in it becomes one of L.
bool resumeHook(lua_State* L, LuaFile& file, lua_State* hook, int arguments);

/// Counts readings and writings inside each other that do use C's stack, and throws Error when they are too
/// many.
class NestingGuard {
 public:
  explicit NestingGuard(const char* function);
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;
  ~NestingGuard();
};

}  // namespace cresset::lua
