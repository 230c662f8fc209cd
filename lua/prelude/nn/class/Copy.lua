-- nn.Copy: the input as another tensor type.
local torch = require 'torch'
local fail = require 'nn.fail'

local Copy, parent = torch.class('nn.Copy', 'nn.Module')

-- Between equal types the input is passed on, unless `forceCopy`. With `dontCast`, type() changes nothing.
function Copy:__init(intype, outtype, forceCopy, dontCast)
  local default = torch.getdefaulttensortype()
  parent.__init(self)
  self.dontCast = dontCast
  self.forceCopy = forceCopy or nil
  self.gradInput = torch.getconstructortable(intype or default).new()
  self.output = torch.getconstructortable(outtype or default).new()
end

-- Fills one of the fields output and gradInput, and returns what the caller of the module gets.
local function pass(self, field, value, argument)
  if not torch.isTensor(value) then
    fail(('nn.Copy: argument %s: expected a tensor, got %s'):format(argument, torch.type(value)))
  end
  if not self.forceCopy and self.output:type() == self.gradInput:type() then
    self[field]:set(value)
    return value
  end
  return self[field]:resize(value:size()):copy(value)
end

function Copy:updateOutput(input) return pass(self, 'output', input, '1 (input)') end
function Copy:updateGradInput(_, gradOutput) return pass(self, 'gradInput', gradOutput, '2 (gradOutput)') end

function Copy:type(type, cache)
  if type and self.dontCast then return self end
  return parent.type(self, type, cache)
end

-- Torch7 saved the methods of equal types as functions in the object.
function Copy:read(file)
  parent.read(self, file)
  self.updateOutput, self.updateGradInput = nil, nil
end

return Copy
