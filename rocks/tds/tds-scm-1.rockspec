-- tds comes inside th, which has its native half. This installs the Lua half alone, for a tree of LuaRocks that th
-- reads: luarocks make.
package = 'tds'
version = 'scm-1'
source = {url = 'file://.'}
description = {summary = 'Containers outside of the Lua heap', license = 'BSD-3-Clause'}
dependencies = {'lua >= 5.1'}
build = {
  type = 'builtin',
  modules = {
    tds = 'init.lua',
  },
}
