-- `help(name)` and `? name` at the prompt: what an operation takes and does, from the op table.
local core = require 'cresset.torch'

-- 'torch.add', 'x:add' and 'add' are one operation.
local function operationName(name)
  return (name:gsub('^torch%.', ''):gsub('^[%w_]*[:.]', ''))
end

local function help(name)
  if type(name) ~= 'string' then
    error('help: argument 1: expected the name of an operation, such as "torch.add", got ' .. type(name), 2)
  end
  local text = core.help(operationName(name))
  io.write(text or ('no help on %s\n'):format(name))
end

return help
