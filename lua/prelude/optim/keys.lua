-- Warns of keys in a config table that a method ignores, when the user likely meant another key or another method.
-- Other keys are the user's own: scripts keep an epoch or a best loss in the table too.
local native = require('cresset.optim').methods
local hint = require 'cresset.hint'

-- By method: 'config' or 'state' for each of its keys.
local methods = {}
for name, method in pairs(native) do methods[name] = method.keys end
local function declare(name, config, state)
  methods[name] = {}
  for key in config:gmatch '%w+' do methods[name][key] = 'config' end
  for key in state:gmatch '[%w_]+' do methods[name][key] = 'state' end
end
declare('cg', 'rho sig int ext maxIter maxEval ratio', 'df0 df1 df2 df3 s x0')
declare('lbfgs', 'maxIter maxEval tolFun tolX nCorrection lineSearch lineSearchOptions learningRate',
        'funcEval nIter old_dirs old_stps dir_bufs stp_bufs Hdiag g_old f_old t d tmp1 ro al')
declare('de', 'popsize scaleFactor crossoverRate maxFEs maxRegion minRegion', '')

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
    if method[key] == 'config' then names[#names + 1] = 'optim.' .. name end
  end
  table.sort(names)
  return names[1] and table.concat(names, ', ')
end

-- A state key of any method: a table may serve several methods in turn.
local function isState(key)
  for _, method in pairs(methods) do
    if method[key] == 'state' then return true end
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
  if type(config) ~= 'table' or seen[name][config] then return end
  seen[name][config] = true
  local known = methods[name]
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
