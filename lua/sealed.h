// Functions that came out of a file and are not run: their bytecode is kept, to be written again.
#pragma once

#include <lua.hpp>
#include <string>
#include <string_view>

#include "tensor/file/ObjectReader.h"

namespace cresset::lua {

/// Pushes a function that only raises an error, which ends in `why`. Its upvalues can be read with
/// debug.getupvalue. `origin` is the stack index of a table that all functions of one file share: their
/// upvalue numbers belong together.
void pushSealed(lua_State* L, t7::Tag form, std::string_view dump, int upvalues, const char* why, int origin);
bool isSealed(lua_State* L, int i);

// What the sealed function at index i keeps.
std::string sealedDump(lua_State* L, int i);
void pushSealedUpvalues(lua_State* L, int i);  // table as it was read; empty before
void pushSealedOrigin(lua_State* L, int i);    // table
t7::Tag sealedForm(lua_State* L, int i);
/// Pops the table of upvalues and keeps it in the sealed function at index i.
void setSealedUpvalues(lua_State* L, int i);

/// What this program wrote itself may be read again from memory, as scripts do for deep copies: its code is
/// here already.
void rememberDump(const std::string& dump);
bool isOwnDump(std::string_view dump);

/// Upvalues that the main function of a LuaJIT dump has; 0 for other bytecode.
int upvaluesOfDump(std::string_view dump);

}  // namespace cresset::lua
