-- nn.Module: the base of all modules. What computes is in C++; this is what scripts do with any module.
local torch = require 'torch'
local native = require 'cresset.nn'
local utils = require 'nn.utils'
local fail = require 'nn.fail'

local Module = torch.class('nn.Module')

function Module:__init()
  self.gradInput = torch.Tensor()
  self.output = torch.Tensor()
  self._type = self.output:type()
end

------------------------------------------------------------------------------------------------- forward and backward
function Module:forward(input) return self:updateOutput(input) end
function Module:updateOutput() return self.output end
function Module:updateGradInput() return self.gradInput end
function Module:accGradParameters() end

function Module:backward(input, gradOutput, scale)
  self:updateGradInput(input, gradOutput)
  self:accGradParameters(input, gradOutput, scale or 1)
  return self.gradInput
end

function Module:__call__(input, gradOutput)
  self:forward(input)
  if gradOutput == nil then return self.output end
  self:backward(input, gradOutput)
  return self.output, self.gradInput
end

function Module:backwardUpdate(input, gradOutput, learningRate)
  self:updateGradInput(input, gradOutput)
  self:accUpdateGradParameters(input, gradOutput, learningRate)
  return self.gradInput
end

local function checkLearningRate(self, method, position, learningRate)
  if tonumber(learningRate) then return end  -- Lua takes '0.1' for a number, and so do scripts
  fail(('%s:%s: argument %d (learningRate): expected number, got %s'):format(torch.type(self), method, position,
                                                                             torch.type(learningRate)))
end

function Module:accUpdateGradParameters(input, gradOutput, learningRate)
  checkLearningRate(self, 'accUpdateGradParameters', 3, learningRate)
  if self.shared then
    self:sharedAccUpdateGradParameters(input, gradOutput, learningRate)
  else
    self:defaultAccUpdateGradParameters(input, gradOutput, learningRate)
  end
end

-- The gradient goes right into the parameters: for the time of the call they stand for their own gradients.
function Module:defaultAccUpdateGradParameters(input, gradOutput, learningRate)
  local gradWeight, gradBias = self.gradWeight, self.gradBias
  self.gradWeight, self.gradBias = self.weight, self.bias
  local ended, message = pcall(self.accGradParameters, self, input, gradOutput, -learningRate)
  self.gradWeight, self.gradBias = gradWeight, gradBias
  if not ended then error(message, 0) end
end

-- Shared parameters cannot stand for their gradients: what one user adds would be seen by the next.
function Module:sharedAccUpdateGradParameters(input, gradOutput, learningRate)
  if not self:parameters() then return end
  self:zeroGradParameters()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(learningRate)
end

---------------------------------------------------------------------------------------------------------- parameters
function Module:parameters()
  if self.weight and self.bias then
    return {self.weight, self.bias}, {self.gradWeight, self.gradBias}
  elseif self.weight then
    return {self.weight}, {self.gradWeight}
  elseif self.bias then
    return {self.bias}, {self.gradBias}
  end
end

function Module:zeroGradParameters()
  local _, gradients = self:parameters()
  if not gradients then return end
  for _, gradient in ipairs(gradients) do gradient:zero() end
end

function Module:updateParameters(learningRate)
  local parameters, gradients = self:parameters()
  if not parameters then return end
  checkLearningRate(self, 'updateParameters', 1, learningRate)
  for i, parameter in ipairs(parameters) do
    if gradients[i] then parameter:add(-learningRate, gradients[i]) end
  end
end

-- Re-points the tensors of a list into one vector, which it returns.
function Module.flatten(list) return native.flatten(list or {}) end

-- Torch7 gathers types without arithmetic through another type's buffer; packages add to this table. Not needed here.
Module._flattenTensorBuffer = {}

function Module:getParameters()
  local parameters, gradients = self:parameters()
  local flat, flatGradient = Module.flatten(parameters), Module.flatten(gradients)
  if flat:nElement() ~= flatGradient:nElement() then
    fail(('check that you are sharing parameters and gradParameters: %d parameters and %d gradients'):format(
      flat:nElement(), flatGradient:nElement()))
  end
  for i, parameter in ipairs(parameters or {}) do
    if parameter:storageOffset() ~= gradients[i]:storageOffset() then
      fail('misaligned parameter at ' .. i)
    end
  end
  return flat, flatGradient
end

function Module:share(other, ...)
  for _, name in ipairs {...} do
    if self[name] ~= nil then
      if other[name] == nil then
        fail(('%s:share: argument 1 (other): expected a module with the field %s'):format(torch.type(self), name))
      end
      self[name]:set(other[name])
      self.shared, other.shared = true, true
    end
  end
  return self
end

function Module:reset() end
function Module:training() self.train = true end
function Module:evaluate() self.train = false end

function Module:clearState() return utils.clear(self, 'output', 'gradInput') end

----------------------------------------------------------------------------------------------------------- copies
-- Names of the fields that `write` replaces by empty tensors, for the time of a clone that shares them.
local leftOut

-- A deep copy. With names of fields, the copy shares these tensors.
function Module:clone(...)
  if select('#', ...) == 0 then return torch.deserialize(torch.serialize(self), 'binary', {functions = true}) end
  leftOut = {...}
  local ended, bytes = pcall(torch.serialize, self)
  leftOut = nil
  if not ended then error(bytes, 0) end
  return torch.deserialize(bytes, 'binary', {functions = true}):share(self, ...)
end

function Module:write(file)
  local fields = {}
  for key, value in pairs(self) do fields[key] = value end
  for _, name in ipairs(leftOut or {}) do
    local value = fields[name]
    if value ~= nil then
      if not torch.isTensor(value) then error('Shared parameters have to be Tensors', 0) end
      fields[name] = value.new()
    end
  end
  file:writeObject(fields)
end

function Module:read(file)
  for key, value in pairs(file:readObject()) do self[key] = value end
end

------------------------------------------------------------------------------------------------------------- types
-- Without arguments the type that the module was made with or converted to; else converts and returns self.
function Module:type(type, cache)
  if not type then return self._type end
  cache = cache or {}
  for key, value in pairs(self) do self[key] = utils.recursiveType(value, type, cache) end
  self._type = type
  return self
end

function Module:float(...) return self:type('torch.FloatTensor', ...) end
function Module:double(...) return self:type('torch.DoubleTensor', ...) end
function Module:cuda(...) return self:type('torch.CudaTensor', ...) end

-------------------------------------------------------------------------------------------------------------- trees
-- Calls visit on this module, then on those below it.
function Module:apply(visit)
  visit(self)
  if not self.modules then return end
  for _, module in ipairs(self.modules) do module:apply(visit) end
end

-- Puts change(module) in the place of each module, from the outside in. Returns change(self).
function Module:replace(change)
  local result = change(self)
  if self.modules then
    for i, module in ipairs(self.modules) do self.modules[i] = module:replace(change) end
  end
  return result
end

-- Modules of exactly this class, and beside each the module that holds it.
function Module:findModules(typename, container)
  local found, containers = {}, {}
  local function visit(module, parent)
    if torch.typename(module) == typename then
      found[#found + 1], containers[#containers + 1] = module, parent
    end
    if type(module.modules) ~= 'table' then return end
    for _, child in ipairs(module.modules) do visit(child, module) end
  end
  visit(self, container or self)
  return found, containers
end

-- This module and all below it. One that is there twice is listed twice.
function Module:listModules()
  local list = {}
  local function visit(module)
    list[#list + 1] = module
    for _, child in ipairs(module.modules or {}) do visit(child) end
  end
  visit(self)
  return list
end

return Module
