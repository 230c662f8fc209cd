// Array files of other libraries in Lua: .npy is a tensor, .npz and .safetensors are a table name -> tensor.
#pragma once

#include <lua.hpp>
#include <string>

#include "tensor/file/DiskFile.h"

namespace cresset::lua {

/// Pushes the content of a file that is at its start; false, with nothing read, when it is in none of these
/// formats. The first bytes decide, and what can be a .t7 file is none.
bool pushArrays(lua_State* L, DiskFile& file);

/// Writes the value at index i in the format that the ending of the path names; false for other endings.
/// Throws Error when the value is no tensor (`.npy`) or no table of tensors by names.
bool saveArrays(lua_State* L, const std::string& path, int i);

/// Sets `safetensors` in the table on top of the stack, a table of
///   load(path)                     -> tensors by name, metadata (strings by strings, perhaps empty)
///   save(path, tensors[, metadata])
void setArrayFunctions(lua_State* L);

}  // namespace cresset::lua
