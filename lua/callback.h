// Calls from C++ into a method of a Lua object. A Lua error comes back as an exception, and the stack as it
// was.
#pragma once

#include <lua.hpp>

#include "nn/Activity.h"

namespace cresset::lua {

/// One call from C++ into Lua inside another. A module that contains itself must end as an error and not use
/// up the C stack; 8 MiB hold some thousand levels.
class Nesting {
 public:
  /// Throws Error when there are too many.
  Nesting();
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  ~Nesting();
};

class Callback {
 public:
  /// Pushes the message handler, the method and the object; the arguments are pushed by the caller. Only the
  /// errors of containers' children get a traceback, as in Torch7.
  template <class Object>
  Callback(lua_State* L, const Object& object, const char* method)
      : state_(L), top_(lua_gettop(L)), isTraced_(object.isContainerChild()) {
    luaL_checkstack(L, 12, "nested modules");
    pushHandler();
    object.pushSelf(L);
    begin(method);
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;
  ~Callback() { lua_settop(state_, top_); }

  /// Calls with the last `arguments` values; the results stay on the stack until this object ends.
  /// Throws Error with the text of a Lua error.
  void run(int arguments, int results);
  /// Calls and gives the first result.
  nn::Activity activity(int arguments);
  /// Calls and gives the result. Throws Error when there is a second one, as Torch7's containers do.
  nn::Activity onlyActivity(int arguments);

 private:
  void pushHandler();
  void begin(const char* method);
  Nesting nesting_;
  lua_State* state_;
  int top_;
  bool isTraced_;
};

/// The line that ends the text of an error inside a container, as Torch7 writes it.
extern const char* const kTracebackWarning;

}  // namespace cresset::lua
