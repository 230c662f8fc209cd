-- Warns of keys in a config table that a method ignores, when the user likely meant another key or another method.
-- Other keys are the user's own: scripts keep an epoch or a best loss in the table too.
local methods = require('cresset.optim').methods
local hint = require 'cresset.hint'

-- What other libraries and papers call it.
local aliases = {
  lr = 'learningRate', rate = 'learningRate', stepSize = 'learningRate', wd = 'weightDecay', l2 = 'weightDecay',
  lrd = 'learningRateDecay', lrDecay = 'learningRateDecay', decay = 'learningRateDecay', mom = 'momentum',
  eps = 'epsilon', epsilon = 'eps', b1 = 'beta1', b2 = 'beta2',
}

-- Scratch that Torch7 keeps in its states, which old checkpoints bring along.
local ignored = {}
for key in ('denom tmp deltaParameters decayParameters paramStd delta sign psign nsign zsign dminmax max verbose')
    :gmatch '%w+' do
  ignored[key] = true
end

local function plain(key) return (key:gsub('[_%-]', ''):lower()) end

-- The key of the method that was likely meant, or nil.
local function likely(key, known)
  for other in pairs(known) do
    if plain(other) == plain(key) then return other end
  end
  local alias = aliases[key]
  if alias and known[alias] then return alias end
  return hint.nearest(key, known)
end

-- The methods that have this setting: 'optim.nag, optim.sgd'; nil for none.
local function users(key)
  local names = {}
  for name, method in pairs(methods) do
    if method.keys[key] == 'config' then names[#names + 1] = 'optim.' .. name end
  end
  table.sort(names)
  return names[1] and table.concat(names, ', ')
end

-- A state key of any method: a table may serve several methods in turn.
local function isState(key)
  for _, method in pairs(methods) do
    if method.keys[key] == 'state' then return true end
  end
  return false
end

local seen = {}    -- by method: the config tables that were looked at
local warned = {}  -- by method and key
for name in pairs(methods) do seen[name] = setmetatable({}, {__mode = 'k'}) end

local function warn(name, key, advice)
  local id = name .. '.' .. key
  if warned[id] then return end
  warned[id] = true
  io.stderr:write(("optim.%s: config key '%s' is ignored; %s\n"):format(name, key, advice))
end

return function(name, config)
  if seen[name][config] or type(config) ~= 'table' then return end
  seen[name][config] = true
  local known = methods[name].keys
  for key in pairs(config) do
    if type(key) == 'string' and not known[key] and not ignored[key] and not isState(key) then
      local other, others = likely(key, known), users(key)
      if others then
        warn(name, key, others .. ' would use it')
      elseif other then
        warn(name, key, ("did you mean '%s'?"):format(other))
      end
    end
  end
end
