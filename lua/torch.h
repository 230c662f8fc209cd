// The C++ half of the package `torch`; lua/prelude/torch/init.lua is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.torch`: a table of
///   types                       array of {tensor = name, storage = name, prefix, element = C type, device =
///                               'cpu' or 'cuda', code = number}
///   makeClasses(code)           a type's metatables of tensors and storages, and their constructors
///   setClassMaker(f)            f(name) makes the classes of a type that C++ needs first
///   functions                   what becomes torch.*: operations from the op table, generators, threads
///   generatorClass              metatable of generators
///   newGenerator()              a generator with a seed from the operating system
///   defaultGenerator            the one that is used when none is given
///   pushUserdata(address, name, metatable)  an object from its address, as torch.pushudata gives it
///   interpretedIndexing(class)  C functions for __index and __newindex, for when the JIT compiler is off
///   setHeapTracking(on)         whether tensors that hold much memory make Lua collect its garbage
///   liveBytes()                 bytes in CPU buffers
///   isaLevel()                  `v2`, `v3` or `v4`: the instruction set of the kernels
///   help(name)                  signatures of an operation
///   opsJson()                   the op table as JSON
extern "C" int luaopen_cresset_torch(lua_State* L);
