#include "lua/modules.h"

#include "lua/cutorch.h"
#include "lua/file.h"
#include "lua/lineedit.h"
#include "lua/nn.h"
#include "lua/optim.h"
#include "lua/system.h"
#include "lua/tds.h"
#include "lua/torch.h"

namespace cresset::lua {

std::span<const NativeModule> nativeModules() {
  static constexpr NativeModule kModules[] = {
      {"cresset.torch", luaopen_cresset_torch},   {"cresset.cutorch", luaopen_cresset_cutorch},
      {"cresset.file", luaopen_cresset_file},     {"cresset.nn", luaopen_cresset_nn},
      {"cresset.system", luaopen_cresset_system}, {"cresset.lineedit", luaopen_cresset_lineedit},
      {"cresset.optim", luaopen_cresset_optim},   {"cresset.tds", luaopen_cresset_tds},
  };
  return kModules;
}

}  // namespace cresset::lua
