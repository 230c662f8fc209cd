// Lua modules that the build compiled to bytecode and put into a library or program; cmake/EmbedLua.cmake
// makes them.
#pragma once

#include <cstddef>
#include <span>

namespace cresset::lua {

/// One Lua module as bytecode with debug information; its chunk name is `@cresset/<path>.lua`.
struct EmbeddedModule {
  const char* name;  // as `require` takes it: "torch.CmdLine"
  const unsigned char* data;
  std::size_t size;
};

}  // namespace cresset::lua

/// Declares, at namespace scope, `cresset::lua::embedded_<target>()`: the modules that
/// `cresset_embed_lua(<target> ...)` put into that target. A function and not a registration at start-up, so
/// that a static library keeps them too.
#define CRESSET_DECLARE_EMBEDDED(target)               \
  namespace cresset::lua {                             \
  std::span<const EmbeddedModule> embedded_##target(); \
  }
