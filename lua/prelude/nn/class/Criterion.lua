-- nn.Criterion: the base of all losses.
local torch = require 'torch'
local utils = require 'nn.utils'
local fail = require 'nn.fail'

local Criterion = torch.class('nn.Criterion')

function Criterion:__init()
  self.gradInput = torch.Tensor()
  self.output = 0
end

function Criterion:updateOutput() end
function Criterion:updateGradInput() end
function Criterion:forward(input, target) return self:updateOutput(input, target) end
function Criterion:backward(input, target) return self:updateGradInput(input, target) end

function Criterion:__call__(input, target)
  self.output = self:forward(input, target)
  self.gradInput = self:backward(input, target)
  return self.output, self.gradInput
end

function Criterion:clone() return torch.deserialize(torch.serialize(self), 'binary', {functions = true}) end

function Criterion:type(type, cache)
  if not type then fail('Criterion: must provide a type to convert to') end
  cache = cache or {}
  for key, value in pairs(self) do self[key] = utils.recursiveType(value, type, cache) end
  return self
end

function Criterion:float() return self:type('torch.FloatTensor') end
function Criterion:double() return self:type('torch.DoubleTensor') end
function Criterion:cuda() return self:type('torch.CudaTensor') end
function Criterion:cudaHalf() return self:type('torch.CudaHalfTensor') end
function Criterion:cudaDouble() return self:type('torch.CudaDoubleTensor') end

return Criterion
