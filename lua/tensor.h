// torch.*Tensor in Lua: constructor, queries, views, indexing, operators. Arithmetic comes from the op table.
#pragma once

#include <lua.hpp>

#include "tensor/Type.h"

namespace cresset::lua {

/// Adds the methods that every tensor type has to the metatable on top of the stack.
void setTensorMethods(lua_State* L, Type type);
/// The parts of it that are in views.cpp and operators.cpp.
void setViewMethods(lua_State* L);
void setOperators(lua_State* L);
/// Pushes the constructor function of a type.
void pushTensorConstructor(lua_State* L, Type type);

}  // namespace cresset::lua
