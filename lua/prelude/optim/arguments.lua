-- The arguments of minimisers that are written in Lua: checked before anything changes.
local checkKeys = require 'optim.keys'

local function fail(name, position, argument, expected, got)
  error(('optim.%s: argument %d (%s): expected %s, got %s'):format(name, position, argument, expected,
                                                                   torch.type(got)), 4)
end

local function isCallable(value)
  local meta = debug.getmetatable(value)
  return type(value) == 'function' or type(meta) == 'table' and meta.__call ~= nil
end

-- Returns config and state as tables. Without a state, the config table is the state.
return function(name, opfunc, x, config, state)
  if not isCallable(opfunc) then fail(name, 1, 'opfunc', 'function', opfunc) end
  if not torch.isTensor(x) then fail(name, 2, 'x', 'torch.*Tensor', x) end
  config = config or {}
  if type(config) ~= 'table' then fail(name, 3, 'config', 'table or nil', config) end
  state = state or config
  if type(state) ~= 'table' then fail(name, 4, 'state', 'table or nil', state) end
  checkKeys(name, config)
  return config, state
end
