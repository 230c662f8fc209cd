-- renewState(module): puts new empty values in the place of output and gradInput. For modules whose output may be a
-- tensor of a child's or of the caller's: emptying that one would take it from its owner.
local torch = require 'torch'

local function renewState(module)
  for _, field in ipairs {'output', 'gradInput'} do
    local value = module[field]
    if torch.isTensor(value) then
      module[field] = value.new()
    elseif type(value) == 'table' then
      module[field] = {}
    else
      module[field] = nil
    end
  end
  return module
end

return renewState
