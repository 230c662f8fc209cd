// The native Lua modules that are linked into `th`.
#pragma once

#include <lua.hpp>
#include <span>

namespace cresset::lua {

struct NativeModule {
  const char* name;  // as `require` takes it
  lua_CFunction open;
};

std::span<const NativeModule> nativeModules();

}  // namespace cresset::lua
