// The C++ half of the package `cutorch`; lua/prelude/cutorch/init.lua is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.cutorch`, a table of functions. `load()` loads the CUDA plugin or raises
/// what is missing; the others need it. Devices are counted from 1, streams from 0.
extern "C" int luaopen_cresset_cutorch(lua_State* L);
