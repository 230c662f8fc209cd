// Line editing with history and completion for the prompt, by libedit.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.lineedit` and leaves its table on the stack.
/// libedit is loaded by open(), not before: `th` starts without it and runs where it is missing.
///
///   open()               loads libedit; true, or nil and a message; the other functions need it
///   readline(prompt)     a line without its end; nil at the end of the input; false when Ctrl-C was pressed
///   addHistory(line)     puts a line where the arrow keys and Ctrl-R find it
///   setCompleter(f)      f(word, line) returns an array of what word, the end of line, may become
extern "C" int luaopen_cresset_lineedit(lua_State* L);
