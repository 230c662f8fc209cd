-- The package `nn`: the classes of C++ (cresset.nn) under Torch7's base classes, whose methods are written here.
local torch = require 'torch'
local class = require 'torch.class'
local lazy = require 'cresset.lazy'
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
-- The gradient with one division for each entry instead of products of all others: for tables without zeros.
local function dividedGradient(mt)
  function mt:updateGradInput_efficient(input, gradOutput)
    self.tout = self.tout or self.output.new()
    for i, entry in ipairs(input) do
      torch.cdiv(self.tout, self.output, entry)
      local gradient = self.gradInput[i] or entry.new()
      self.gradInput[i] = gradient:resizeAs(entry):copy(gradOutput):cmul(self.tout)
    end
    for i = #self.gradInput, #input + 1, -1 do self.gradInput[i] = nil end
    return self.gradInput
  end
end
-- The number of dimensions of a batch.
local function dimensions(n)
  return function(mt) mt.nDim = n end
end
-- What classes have beside what they compute.
local additions = {
  BCECriterion = weightCount, Bilinear = sharedGradients, CMulTable = dividedGradient,
  ClassNLLCriterion = weightCount, Dropout = clears 'noise', Identity = newState, Linear = sharedGradients,
  LookupTable = sharedGradients, Max = clears '_indices', Min = clears '_indices', Parallel = plainBackward,
  SelectTable = newState, SpatialBatchNormalization = dimensions(4), SpatialClassNLLCriterion = weightCount,
  SpatialMaxPooling = maxPooling, TemporalConvolution = sharedGradients, VolumetricBatchNormalization = dimensions(5),
  BatchNormalization = function() require 'nn.class.BatchNormalization' end,
  Sequential = function() require 'nn.class.Sequential' end,
}

-- In Torch7 each class calls the __init of its base class. The classes of C++ do so where a script has put its own.
local baseInits = {}
for _, base in ipairs {nn.Module, nn.Container, nn.Criterion} do baseInits[getmetatable(base)] = base.__init end
local function isChanged(base)
  return baseInits[base] ~= nil and (base.__init ~= baseInits[base] or isChanged(getmetatable(base)))
end
local function initWithBase(mt, init)
  local base = getmetatable(mt)
  while not baseInits[base] do base = getmetatable(base) end
  return function(self, ...)
    if isChanged(base) then base.__init(self) end
    return init(self, ...)
  end
end

local function makeNative(name)
  local parent, version, methods = native.describe(name)
  local mt = torch.class(name, parent)
  mt.__version = version
  for key, method in pairs(methods) do mt[key] = method end
  mt.__init = initWithBase(mt, mt.__init)
  if name ~= 'nn.Sequential' then mt.__tostring__ = textWithOwnName(mt.__tostring__, name) end
  local add = additions[name:match('[^.]+$')]
  if add then add(mt) end
end
-- What C++ has of a base class is for its own containers: in Lua, base methods call whatever method the object has.
for _, name in ipairs(native.names()) do
  if not torch.getmetatable(name) then class.promise(name, makeNative) end
end
local function makeInLua(name) require(name:gsub('^nn', 'nn.class')) end
for _, name in ipairs {'nn.Decorator', 'nn.MapTable', 'nn.Copy'} do class.promise(name, makeInLua) end

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

lazy(nn, 'nn', {'Jacobian', 'StochasticGradient'})

return nn
