-- paths comes inside th. This builds it alone, for a tree of LuaRocks that th reads: luarocks make.
package = 'paths'
version = 'scm-1'
source = {url = 'file://.'}
description = {summary = 'Names of files, directories and what is in them', license = 'BSD-3-Clause'}
dependencies = {'lua >= 5.1'}
build = {
  type = 'builtin',
  modules = {
    paths = 'init.lua',
  },
}
