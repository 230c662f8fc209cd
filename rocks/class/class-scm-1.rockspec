-- class comes inside th. This builds it alone, for a tree of LuaRocks that th reads: luarocks make.
package = 'class'
version = 'scm-1'
source = {url = 'file://.'}
description = {summary = 'Classes with single inheritance', license = 'BSD-3-Clause'}
dependencies = {'lua >= 5.1'}
build = {
  type = 'builtin',
  modules = {
    class = 'init.lua',
  },
}
