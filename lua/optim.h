// The C++ half of the package `optim`; lua/prelude/optim/ is the other half.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.optim`: a table of
///   methods     for each first-order optimiser, by name:
///     keys                            the names of its fields, each with 'config' or 'state'
///     begin(opfunc, x, config, state) checks everything, reads the fields, returns them as `run`
///     step(run, x, gradient, state)   the fused update; writes the state back
///   confusion   functions of optim.ConfusionMatrix, which take the object first
extern "C" int luaopen_cresset_optim(lua_State* L);
