// The native half of the package `tds`; rocks/tds/init.lua is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.tds`: a table of
///   Hash, Vec, AtomicCounter           the metatables, with their methods
///   newHash(), newVec(), newCounter()  empty objects
///   isElement(value)                   whether a container can hold the value
extern "C" int luaopen_cresset_tds(lua_State* L);
