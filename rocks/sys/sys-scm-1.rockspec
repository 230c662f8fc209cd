-- sys comes inside th. This builds it alone, for a tree of LuaRocks that th reads: luarocks make.
package = 'sys'
version = 'scm-1'
source = {url = 'file://.'}
description = {summary = 'Clock, pauses and shell commands', license = 'BSD-3-Clause'}
dependencies = {'lua >= 5.1', 'paths'}
build = {
  type = 'builtin',
  modules = {
    sys = 'init.lua',
    ['sys.colors'] = 'colors.lua',
    ['sys.fpath'] = 'fpath.lua',
  },
}
