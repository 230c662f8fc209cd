-- The package `nn`: the classes of C++ (cresset.nn) under Torch7's base classes, whose methods are written here.
local torch = require 'torch'
local class = require 'torch.class'
local native = require 'cresset.nn'

local nn = {}
_G.nn = nn
package.loaded.nn = nn

nn.utils = require 'nn.utils'
require 'nn.class.Module'
require 'nn.class.Container'
require 'nn.class.Criterion'

-- Torch7 prints the object's own class where the C++ class knows only its name: they differ for a class derived in Lua.
-- Classes derived from nn.Sequential print that name.
local function textWithOwnName(text, nativeName)
  return function(self)
    local result, name = text(self), torch.typename(self)
    if name ~= nativeName and result:sub(1, #nativeName) == nativeName then
      return name .. result:sub(#nativeName + 1)
    end
    return result
  end
end

-- Like in Torch7, a subclass gets its own gradient methods called.
local function plainBackward(mt) mt.backward = nn.Module.backward end
-- Their gradient can be accumulated right into shared parameters.
local function sharedGradients(mt) mt.sharedAccUpdateGradParameters = nn.Module.defaultAccUpdateGradParameters end
-- Their output is a tensor of the caller's.
local function newState(mt) mt.clearState = require 'nn.renewState' end
-- The length of a weighted loss is its number of weights.
local function weightCount(mt)
  function mt:__len__() return self.weights and self.weights:nElement() or 0 end
end
-- They keep more than output and gradInput between the calls.
local function clears(...)
  local fields = {...}
  return function(mt)
    function mt:clearState()
      nn.utils.clear(self, fields)
      return nn.Module.clearState(self)
    end
  end
end
local function maxPooling(mt)
  clears('indices')(mt)
  function mt:empty() return self:clearState() end  -- its name in older Torch7
end
-- What classes have beside what they compute.
local additions = {
  BCECriterion = weightCount, Bilinear = sharedGradients,
  ClassNLLCriterion = weightCount, Dropout = clears 'noise', Identity = newState, Linear = sharedGradients,
  LookupTable = sharedGradients, Max = clears '_indices', Min = clears '_indices', Parallel = plainBackward,
  SelectTable = newState, SpatialClassNLLCriterion = weightCount, SpatialMaxPooling = maxPooling,
  TemporalConvolution = sharedGradients,
  BatchNormalization = function() require 'nn.class.BatchNormalization' end,
  Sequential = function() require 'nn.class.Sequential' end,
}

-- Classes are made when they are first needed: a script uses ten of them.
for _, info in ipairs(native.classes()) do
  -- What C++ has of a base class is for its own containers: in Lua, base methods call whatever method the object has.
  if not torch.getmetatable(info.name) then
    class.promise(info.name, function()
      local mt = torch.class(info.name, info.parent)
      mt.__version = info.version
      for name, method in pairs(native.methods(info.name)) do mt[name] = method end
      if info.name ~= 'nn.Sequential' then mt.__tostring__ = textWithOwnName(mt.__tostring__, info.name) end
      local add = additions[info.name:match('[^.]+$')]
      if add then add(mt) end
    end)
  end
end
for _, name in ipairs {'Decorator', 'MapTable', 'Copy'} do
  class.promise('nn.' .. name, function() require('nn.class.' .. name) end)
end

local refusal = setmetatable({}, {__index = function(_, key)
  error(('nn.%s is only supported for Float or Double Tensors.'):format(tostring(key)), 2)
end})
for _, name in ipairs {'Byte', 'Char', 'Short', 'Int', 'Long'} do
  class.whenRegistered('torch.' .. name .. 'Tensor', function(tensor) tensor.nn = refusal end)
end

-- `require 'nn.Linear'` names a class that is here already. Before Lua's own search: a Torch7 installation on the
-- path has a file of that name.
table.insert(package.loaders, 2, function(name)
  local short = name:match('^nn%.([^.]+)$')
  if short and nn[short] then return function() return nn[short] end end
end)

-- Loaded when first used: most scripts need none of them.
local lazy = {Jacobian = true, StochasticGradient = true}
setmetatable(nn, {__lazy = lazy, __index = function(self, key)
  if not lazy[key] then return nil end
  lazy[key] = nil
  local value = require('nn.' .. key)
  if rawget(self, key) == nil then rawset(self, key, value) end
  return rawget(self, key)
end})

return nn
