// Lua functions and methods made from the op table.
#pragma once

#include <lua.hpp>

#include "tensor/Type.h"

namespace cresset::lua {

/// Adds every method that `type` has to the metatable on top of the stack, and its functions as field
/// `torch`.
void setOpMethods(lua_State* L, Type type);
/// Adds `torch.f` for every operation to the table on top of the stack; they dispatch on their arguments.
void setOpFunctions(lua_State* L);
/// `?name`: the signatures and the line of help of an operation, or nothing when there is none of that name.
int opHelp(lua_State* L);

}  // namespace cresset::lua
