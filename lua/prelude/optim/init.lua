-- The package `optim`: minimisers of functions, and what belongs to training: ConfusionMatrix and Logger.
--
-- All minimisers are called optim.name(opfunc, x, config, state). opfunc(x) returns f(x) and its gradient. x is changed
-- in place and returned. Without a state table, the config table keeps the state.
require 'torch'
require 'xlua'
local native = require 'cresset.optim'
local checkKeys = require 'optim.keys'
local class = require 'torch.class'
local lazy = require 'cresset.lazy'

local optim = {}
_G.optim = optim
package.loaded.optim = optim

-- A method whose step is written in C++, as begin and step. `announcement` is printed when it starts without tables.
local function define(name, announcement)
  local begin, step = native.methods[name].begin, native.methods[name].step
  optim[name] = function(opfunc, x, config, state)
    if announcement and config == nil and state == nil then print(announcement) end
    if config then checkKeys(name, config) else config = {} end
    state = state or config
    local run = begin(opfunc, x, config, state)
    local fx, gradient = opfunc(x)
    step(run, x, gradient, state)
    return x, {fx}
  end
end
define 'sgd'
define 'nag'
define 'adam'
define 'adamax'
define 'rmsprop'
define('adagrad', 'no state table, ADAGRAD initializing')
define('adadelta', 'no state table, ADADELTA initializing')
define 'asgd'
define('rprop', 'no state table RPROP initializing')

-- asgd returns the averaged parameters too.
local asgd = optim.asgd
function optim.asgd(opfunc, x, config, state)
  config = config or {}
  state = state or config
  local _, values = asgd(opfunc, x, config, state)
  return x, values, state.ax
end

-- rprop makes config.niter steps in a call.
local rprop = optim.rprop
function optim.rprop(opfunc, x, config, state)
  local _, values = rprop(opfunc, x, config, state)
  if type(config) ~= 'table' then return x, values end
  for i = 2, config.niter or 1 do
    local _, more = rprop(opfunc, x, config, state)
    values[i] = more[1]
  end
  return x, values
end

for _, name in ipairs {'optim.ConfusionMatrix', 'optim.Logger'} do class.promise(name, require) end
lazy(optim, 'optim', {'FistaLS', 'cg', 'checkgrad', 'de', 'lbfgs', 'lswolfe', 'polyinterp'})

return optim
