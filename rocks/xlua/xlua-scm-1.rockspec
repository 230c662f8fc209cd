-- xlua comes inside th. This builds it alone, for a tree of LuaRocks that th reads: luarocks make.
package = 'xlua'
version = 'scm-1'
source = {url = 'file://.'}
description = {summary = 'Progress bars, named arguments, options, and functions that Lua lacks', license = 'BSD-3-Clause'}
dependencies = {'lua >= 5.1', 'sys'}
build = {
  type = 'builtin',
  modules = {
    xlua = 'init.lua',
    ['xlua.OptionParser'] = 'OptionParser.lua',
    ['xlua.Profiler'] = 'Profiler.lua',
    ['xlua.extensions'] = 'extensions.lua',
    ['xlua.formatTime'] = 'formatTime.lua',
    ['xlua.progress'] = 'progress.lua',
    ['xlua.unpack'] = 'unpack.lua',
  },
}
