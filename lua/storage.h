// torch.*Storage in Lua.
#pragma once

#include <lua.hpp>

#include "tensor/Type.h"

namespace cresset::lua {

/// Adds the methods of a storage type to the metatable on top of the stack.
void setStorageMethods(lua_State* L, Type type);
/// Adds elementSize, the bytes of an element, to the metatable on top. As in Torch7 it takes no object:
/// x.elementSize() is right, too.
void setElementSize(lua_State* L, Type type);
void pushStorageConstructor(lua_State* L, Type type);

}  // namespace cresset::lua
