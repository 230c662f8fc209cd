#include "lua/callback.h"

#include <cstring>

#include "lua/activity.h"
#include "lua/stack.h"
#include "tensor/Error.h"

namespace cresset::lua {

const char* const kTracebackWarning =
    "WARNING: If you see a stack trace below, it doesn't point to the place where this error occurred. "
    "Please use only the one above.";

namespace {

constexpr int kMaxNesting = 500;
thread_local int nesting = 0;

/// Appends the traceback once, where the error happened; containers further out only add their line.
int handleError(lua_State* L) {
  const char* message = lua_tostring(L, 1);
  if (message && std::strstr(message, kTracebackWarning)) return 1;
  lua_getfield(L, LUA_REGISTRYINDEX, "cresset.traceback");
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  lua_pushfstring(L, "%s\n\n%s", lua_tostring(L, -1), kTracebackWarning);
  return 1;
}

}  // namespace

Nesting::Nesting() {
  if (nesting >= kMaxNesting)
    fail("nn", {"modules nested deeper than ", text(int64_t{kMaxNesting}), "; does one contain itself?"});
  ++nesting;
}
Nesting::~Nesting() { --nesting; }

void Callback::pushHandler() { lua_pushcfunction(state_, handleError); }

void Callback::begin(const char* method) {
  if (!lua_istable(state_, -1))
    fail(method, {"expected a module, got ", kindName(state_, lua_gettop(state_))});
  lua_getfield(state_, -1, method);
  if (lua_isnil(state_, -1))
    fail(method, {kindName(state_, lua_gettop(state_) - 1), " has no method '", method, "'"});
  lua_insert(state_, -2);
}

void Callback::run(int arguments, int results) {
  if (lua_pcall(state_, arguments + 1, results, isTraced_ ? top_ + 1 : 0) == 0) return;
  const char* message = lua_tostring(state_, -1);
  std::string text =
      message ? message : "error object is a " + kindName(state_, lua_gettop(state_)) + " value";
  // A container inside has put its own lines behind the position that Lua added.
  if (const size_t newline = text.find('\n');
      newline != std::string::npos && text.compare(newline + 1, 3, "In ") == 0)
    text.erase(0, newline + 1);
  throw Error(text);
}

nn::Activity Callback::activity(int arguments) {
  run(arguments, 1);
  return toActivity(state_, lua_gettop(state_));
}

nn::Activity Callback::onlyActivity(int arguments) {
  run(arguments, 2);
  if (!lua_isnil(state_, -1)) throw Error("rethrowErrors supports only one return argument");
  return toActivity(state_, lua_gettop(state_) - 1);
}

}  // namespace cresset::lua
