// Lua values out of .t7 files.
#pragma once

#include <lua.hpp>

#include "lua/file.h"
#include "tensor/file/ObjectReader.h"

namespace cresset::lua {

/// Reads one object from the file whose userdata is at stack index `self` and pushes it. Nesting needs no C
/// stack, except through classes that read themselves.
void readValue(lua_State* L, LuaFile& file, int self);

}  // namespace cresset::lua
