// The C++ half of the package `nn`; lua/prelude/nn is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.nn`: a table of
///   classes()         array, parents first, of {name, parent, version}
///   methods(name)     the methods of a class by name: C functions that take the object's table first
///   flatten(tensors)  re-points the tensors of an array into one vector and returns it
extern "C" int luaopen_cresset_nn(lua_State* L);
