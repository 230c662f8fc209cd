// What the Lua side needs from the operating system and Lua does not offer: directories, clocks, terminals.
#pragma once

#include <lua.hpp>

/// Opens the Lua module `cresset.system` and leaves its table on the stack.
/// Functions that can fail return nil, a message and errno, as those of Lua's `os` do; none of them raises
/// except for arguments of a wrong type. The packages `paths`, `sys`, `xlua` and `torch.Timer` are built on
/// it.
///
///   kind(path)             'file', 'directory' or 'other'; follows links
///   list(path)             array of the names in a directory, with `.` and `..`, unsorted
///   makeDirectories(path)  creates path and its missing parents; an existing path is an error (EEXIST)
///   removeDirectory(path)  removes an empty directory
///   removeTree(path)       removes path and all below it; links are removed, not followed
///   currentDirectory()     absolute path
///   realPath(path)         absolute path without links
///   executable()           absolute path of the running program
///   isExecutable(path)     true for a file that this user may run
///   temporaryName()        name of a new empty file, which is removed when the process ends
///   uname()                system name, host name, machine
///   clock()                seconds since the epoch
///   ticks()                seconds of a clock that is never set, for measuring time
///   cpuTimes()             user and system seconds of this process
///   sleep(seconds)         pauses; a signal ends the pause early, so that Ctrl-C works
///   isTerminal(file)       whether a Lua file is a terminal
///   terminalColumns(file)  width of the terminal behind a Lua file
extern "C" int luaopen_cresset_system(lua_State* L);
