// x[key] and x[key] = value for every kind of key. The Lua side (torch/element.lua) handles the elements of
// CPU tensors itself and calls these for the rest.
//
// Beyond Torch7, x[{...}] takes tensors among numbers and ranges: a LongTensor picks positions of its
// dimension, a ByteTensor with one element for each position picks where it is 1. Several are broadcast and
// read side by side, as in NumPy (tensor/ops/pick.h); numbers drop their dimension first. Reading copies,
// writing takes a number or a tensor. A LongTensor as the key itself, x[positions], stays what it was in
// Torch7: nil. x[{positions}] picks.
#pragma once

#include <lua.hpp>

namespace cresset::lua {

/// Whether the key at index i is a number, or the text of one, which Torch7 takes too; `x.nan` and `x.inf`
/// are names.
bool isNumberKey(lua_State* L, int i);

/// Adds `__index__` (returns value, true, or false for a key that is no index) and `__newindex__` (returns
/// true when handled) to the metatable on top of the stack.
void setIndexing(lua_State* L);

/// Pushes two C functions that serve as `__index` and `__newindex` of the tensor class at index i. They are
/// three times as fast as the FFI's where LuaJIT does not compile, and a hundred times slower where it does.
void pushInterpretedIndexing(lua_State* L, int i);

}  // namespace cresset::lua
