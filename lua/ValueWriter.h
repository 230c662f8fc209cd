// Lua values into .t7 files.
#pragma once

#include <lua.hpp>
#include <string>

#include "lua/file.h"

namespace cresset::lua {

/// Writes the value at stack index `value` to the file whose userdata is at index `self`. Nesting needs no C
/// stack, except through classes that write themselves. `name` is what messages call the value. `hook` is the
/// index of a function that may replace each object before it is written, or 0. Throws Error (`Unwritable
/// object <thread> at <?>.a.b`) for what no file can hold.
void writeValue(lua_State* L, LuaFile& file, int self, int value, const std::string& name = "<?>",
                int hook = 0);

/// The tag that the value at index i is written with, or -1 for what cannot be written. Looks at the value
/// itself, not at what it contains.
int tagOf(lua_State* L, int i);

}  // namespace cresset::lua
