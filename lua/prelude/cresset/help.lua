-- `help(name)` and `? name` at the prompt: what an operation takes and does, from the op table.
local core = require 'cresset.torch'
local snippets = require 'cresset.snippets'

-- 'torch.add', 'x:add' and 'add' are one operation.
local function operationName(name)
  return (name:gsub('^torch%.', ''):gsub('^[%w_]*[:.]', ''))
end

-- Functions written in Lua, which are no rows of the table.
local written = {
  einsum = [[
einsum: sums of products by index: torch.einsum('ij,jk->ik', a, b) is a * b
  torch.einsum  equation T...   (one term of letters for each tensor; letters not behind '->' are summed over)
  torch.einsum  equation {T,...}
]],
}

local function help(name)
  if type(name) ~= 'string' then
    error('help: argument 1: expected the name of an operation, such as "torch.add", got ' .. type(name), 2)
  end
  local operation = operationName(name)
  local text = core.help(operation) or written[operation]
  io.write(text or ('no help on %s\n'):format(name))
  local snippet = text and snippets[operation]
  if snippet then io.write('example:\n  ', (snippet:gsub('\n', '\n  ')), '\n') end
end

return help
