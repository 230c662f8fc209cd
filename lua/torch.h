// The C++ half of the package `torch`; lua/prelude/torch/init.lua is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.torch`: a table of
///   types       array of {tensor = name, storage = name, tensorClass = metatable, storageClass = metatable,
///               newTensor = constructor, newStorage = constructor, element = C type, device = 'cpu' or
///               'cuda'}
///   functions   what becomes torch.*: operations from the op table, generators, threads
///   help(name)  signatures of an operation
///   opsJson()   the op table as JSON
///   interpretedIndexing(class)  C functions for __index and __newindex, for when the JIT compiler is off
extern "C" int luaopen_cresset_torch(lua_State* L);
