-- ANSI sequences by name, all empty where standard output is no colour terminal.
local system = require 'cresset.system'

local kStyles = {'bright', 'dim', 'underline', nil, 'blink', nil, 'reverse', 'hidden'}

local colors = {}
for name, sequence in pairs(require 'sys.colors') do colors[name] = sequence end
for code, name in pairs(kStyles) do colors[name] = '\27[' .. code .. 'm' end

local function clear()
  for name in pairs(colors) do colors[name] = '' end
end

local terminal = os.getenv('TERM')
if not terminal or terminal == 'dumb' or os.getenv('NO_COLOR') or not system.isTerminal(io.stdout) then clear() end

-- Ends the use of colours for good.
function _G.noColors()
  clear()
end

return colors
