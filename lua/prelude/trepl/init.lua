-- The package `trepl`: what `th` adds to Lua's globals, and its prompt. Returns the function that starts the prompt.
local globals = require 'cresset.globals'
local printer = require 'trepl.print'
-- A script may use these without a require of its own.
require 'torch'
require 'paths'
require 'sys'
require 'xlua'

_G.print_old = print
_G.print_new = printer.print
_G.print = printer.print

-- Sets how many levels of nested tables print shows; 0 gives Lua's own print back.
function _G.setprintlevel(n)
  if type(n) ~= 'number' or n < 0 then
    error('setprintlevel: argument 1: expected a number of at least 0, got ' .. tostring(n), 2)
  end
  if n == 0 then
    _G.print = _G.print_old
  else
    printer.depth = n
    _G.print = _G.print_new
  end
end

require 'trepl.format'
require 'trepl.globals'
_G.require = require 'trepl.require'

_G._RESULTS = {}

-- Starts the prompt and returns when the user enters `break`; `exit` ends the program.
local function repl()
  local readline = require 'readline'
  if readline.setup(require 'trepl.complete') then
    readline.read_history(os.getenv('TREPL_HISTORY') or require('paths').home .. '/.luahistory', true)
  end
  local outcome = require('trepl.repl'){
    readline = readline.readline,
    addHistory = readline.add_history,
    help = rawget(_G, 'help'),
  }
  if outcome == 'exit' then os.exit(0) end
end

_G.repl = repl
_G._preloaded_ = globals.preloaded
globals.remember()
for _, name in ipairs{'_LAST', '_RESULT', '_torchimport'} do globals.preloaded[name] = true end  -- set later

return repl
