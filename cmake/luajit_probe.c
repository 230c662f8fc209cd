// Runs the Lua file given as argument in the linked LuaJIT; cmake/LuaJIT.cmake asks a system library with it.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

int main(int argc, char** argv) {
  lua_State* L = luaL_newstate();
  if (L == NULL || argc != 2) return 2;
  luaL_openlibs(L);
  if (luaL_dofile(L, argv[1])) {
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return 1;
  }
  return 0;
}
