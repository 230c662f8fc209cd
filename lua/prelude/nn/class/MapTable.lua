-- nn.MapTable: one module for every entry of the input table, by a clone for each.
local torch = require 'torch'
local fail = require 'nn.fail'

local MapTable, parent = torch.class('nn.MapTable', 'nn.Container')

local kShared = {'weight', 'bias', 'gradWeight', 'gradBias'}

-- With `shared` (default) the clones share the tensors named in `sharedparams`.
function MapTable:__init(module, shared)
  parent.__init(self)
  self.shared = shared ~= false
  self.sharedparams = {unpack(kShared)}
  self.output, self.gradInput = {}, {}
  if module then self:add(module) end
end

function MapTable:add(module)
  if self.module then fail('Single module required') end
  self.module = module
  self.modules[1] = module
  return self
end

-- Makes or drops clones until there are n modules; the first one stays.
function MapTable:resize(n)
  for i = 2, n do
    if not self.modules[i] then
      local names = self.shared and (self.sharedparams or kShared) or {}
      self.modules[i] = self.module:clone(unpack(names))
    end
  end
  for i = #self.modules, math.max(n, 1) + 1, -1 do
    self.modules[i]:clearState()
    self.modules[i] = nil
  end
end

local function checkTable(method, argument, value)
  if type(value) == 'table' and not torch.typename(value) then return end
  fail(('nn.MapTable:%s: argument %s: expected table, got %s'):format(method, argument, torch.type(value)))
end

-- Calls a method of each clone with the entries of the arguments. Returns a new table of the results.
local function eachEntry(self, method, input, ...)
  local gradOutput, factor = ...
  checkTable(method, '1 (input)', input)
  if gradOutput ~= nil then checkTable(method, '2 (gradOutput)', gradOutput) end
  self:resize(#input)
  local results = {}
  for i = 1, #input do
    results[i] = self:rethrowErrors(self.modules[i], i, method, input[i], gradOutput and gradOutput[i], factor)
  end
  return results
end

function MapTable:updateOutput(input)
  self.output = eachEntry(self, 'updateOutput', input)
  return self.output
end

function MapTable:updateGradInput(input, gradOutput)
  self.gradInput = eachEntry(self, 'updateGradInput', input, gradOutput)
  return self.gradInput
end

function MapTable:accGradParameters(input, gradOutput, scale)
  eachEntry(self, 'accGradParameters', input, gradOutput, scale or 1)
end

function MapTable:accUpdateGradParameters(input, gradOutput, learningRate)
  eachEntry(self, 'accUpdateGradParameters', input, gradOutput, learningRate or 1)
end

function MapTable:zeroGradParameters()
  if not self.shared then return parent.zeroGradParameters(self) end
  if self.module then self.module:zeroGradParameters() end
end

function MapTable:updateParameters(learningRate)
  if not self.shared then return parent.updateParameters(self, learningRate) end
  if self.module then self.module:updateParameters(learningRate) end
end

function MapTable:clearState()
  self:resize(1)
  return parent.clearState(self)
end

function MapTable:__tostring__()
  if not self.module then return torch.type(self) .. ' { }' end
  return ('%s {\n  %s\n}'):format(torch.type(self), (tostring(self.module):gsub('\n', '\n        ')))
end

return MapTable
