-- nn.Swish: y = x * sigmoid(b x) for each element, where the slope b is learned.
-- Ramachandran et al., Searching for Activation Functions (2017).
--
-- It shows all that a module is: a constructor, three methods, and fields. Whatever it is put into, a container of C++
-- too, calls these methods.
require 'nn'

local Swish, parent = torch.class('nn.Swish', 'nn.Module')

function Swish:__init(slope)
  parent.__init(self)                           -- makes self.output and self.gradInput
  self.weight = torch.Tensor(1):fill(slope or 1)  -- `weight` and `gradWeight` are found by parameters()
  self.gradWeight = torch.Tensor(1):zero()
  self.gate = torch.Tensor()
end

function Swish:updateOutput(input)
  self.gate:resizeAs(input):copy(input):mul(self.weight[1]):sigmoid()
  return self.output:resizeAs(input):cmul(input, self.gate)
end

-- With s = sigmoid(b x) and y = x s: dy/dx = s + b y (1 - s).
function Swish:updateGradInput(input, gradOutput)
  self.gradInput:resizeAs(input):copy(self.gate):mul(-1):add(1)
  self.gradInput:cmul(self.output):mul(self.weight[1]):add(self.gate)
  return self.gradInput:cmul(gradOutput)
end

-- dy/db = x y (1 - s), summed over all elements, and added to what is there.
function Swish:accGradParameters(input, gradOutput, scale)
  local slope = torch.add(-self.gate, 1):cmul(self.output):cmul(input)
  self.gradWeight:add((scale or 1) * slope:cmul(gradOutput):sum())
end

return Swish
