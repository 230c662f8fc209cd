// torch.*Storage in Lua.
#pragma once

#include <lua.hpp>

#include "tensor/Type.h"

namespace cresset::lua {

/// Adds the methods of a storage type to the metatable on top of the stack.
void setStorageMethods(lua_State* L, Type type);
void pushStorageConstructor(lua_State* L, Type type);

}  // namespace cresset::lua
