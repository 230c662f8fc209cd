// `th`: the interpreter. Opens Lua, makes the embedded modules known to `require`, and leaves the rest to Lua
// (lua/prelude/cresset/th.lua).
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <lua.hpp>

#include "lua/embedded.h"
#include "lua/modules.h"

CRESSET_DECLARE_EMBEDDED(th)
CRESSET_DECLARE_EMBEDDED(cresset_rocks)

namespace {

lua_State* interrupted = nullptr;

void raiseInterrupt(lua_State* L, lua_Debug*) {
  lua_sethook(L, nullptr, 0, 0);
  luaL_error(L, "interrupted!");
}

/// Ctrl-C becomes a Lua error at the next instruction; setting a hook is all that a signal handler may do to
/// a state.
void onInterrupt(int) {
  lua_sethook(interrupted, raiseInterrupt, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

/// Loads one embedded module; upvalue 1 is its EmbeddedModule.
int openEmbedded(lua_State* L) {
  const auto* module =
      static_cast<const cresset::lua::EmbeddedModule*>(lua_touserdata(L, lua_upvalueindex(1)));
  if (luaL_loadbuffer(L, reinterpret_cast<const char*>(module->data), module->size, module->name) != 0)
    return lua_error(L);
  lua_pushstring(L, module->name);
  lua_call(L, 1, 1);
  return 1;
}

void setPreload(lua_State* L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  for (const auto modules : {cresset::lua::embedded_th(), cresset::lua::embedded_cresset_rocks()}) {
    for (const auto& module : modules) {
      lua_pushlightuserdata(L, const_cast<cresset::lua::EmbeddedModule*>(&module));
      lua_pushcclosure(L, openEmbedded, 1);
      lua_setfield(L, -2, module.name);
    }
  }
  for (const auto& module : cresset::lua::nativeModules()) {
    lua_pushcfunction(L, module.open);
    lua_setfield(L, -2, module.name);
  }
  lua_pop(L, 2);
}

struct Arguments {
  int count;
  char** values;
};

/// Runs cresset.th with the program's arguments; its result is the exit status.
int run(lua_State* L) {
  const auto* arguments = static_cast<const Arguments*>(lua_touserdata(L, 1));
  luaL_openlibs(L);
  setPreload(L);
  lua_createtable(L, arguments->count, 0);
  for (int i = 0; i < arguments->count; ++i) {
    lua_pushstring(L, arguments->values[i]);
    lua_rawseti(L, -2, i);
  }
  lua_setglobal(L, "arg");
  lua_getglobal(L, "require");
  lua_pushliteral(L, "cresset.th");
  lua_call(L, 1, 1);
  lua_call(L, 0, 1);
  return 1;
}

/// Lets threads that wait for the others sleep soon instead of spinning for milliseconds. On a machine that
/// others use too, a spinning thread burns the time slice that the thread it waits for needs: a training step
/// of 32 ms was measured at 1100 ms beside a compiler. libgomp reads its settings when it is loaded, before
/// main: hence the second start.
void restartWithPatientThreads(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
  setenv("GOMP_SPINCOUNT", "1000", 1);
  execv("/proc/self/exe", argv);  // returns only when it failed, and then this process does the work
}

}  // namespace

int main(int argc, char** argv) {
  restartWithPatientThreads(argv);
  lua_State* L = luaL_newstate();
  if (!L) {
    std::fputs("th: not enough memory to start\n", stderr);
    return 1;
  }
  interrupted = L;
  struct sigaction action {};
  action.sa_handler = onInterrupt;
  sigaction(SIGINT, &action, nullptr);

  Arguments arguments{argc, argv};
  lua_pushcfunction(L, run);
  lua_pushlightuserdata(L, &arguments);
  int status;
  if (lua_pcall(L, 1, 1, 0) == 0) {
    status = static_cast<int>(lua_tointeger(L, -1));
  } else {
    std::fprintf(stderr, "th: %s\n", lua_tostring(L, -1) ? lua_tostring(L, -1) : "error without a message");
    status = 1;
  }
  lua_close(L);
  return status;
}
