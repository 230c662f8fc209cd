-- Starting the interpreter, as a process of its own.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'

local th = paths.concat(paths.execdir(), 'th')
local function start(code)
  return function() assert(os.execute(("'%s' -e \"%s\""):format(th, code))) end
end

timing.row('start', start(''), '20ms')
timing.row('start_require_nn', start("require 'nn'"), '20ms')
