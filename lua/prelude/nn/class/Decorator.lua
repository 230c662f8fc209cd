-- nn.Decorator: a module around one other, which it calls for everything.
local torch = require 'torch'

local Decorator, parent = torch.class('nn.Decorator', 'nn.Container')

function Decorator:__init(module)
  parent.__init(self)
  self.modules[1] = module
end

function Decorator:updateOutput(input)
  self.output = self.modules[1]:updateOutput(input)
  return self.output
end

function Decorator:updateGradInput(input, gradOutput)
  self.gradInput = self.modules[1]:updateGradInput(input, gradOutput)
  return self.gradInput
end

function Decorator:accGradParameters(input, gradOutput, scale)
  self.modules[1]:accGradParameters(input, gradOutput, scale)
end

function Decorator:accUpdateGradParameters(input, gradOutput, learningRate)
  self.modules[1]:accUpdateGradParameters(input, gradOutput, learningRate)
end

function Decorator:sharedAccUpdateGradParameters(input, gradOutput, learningRate)
  self.modules[1]:sharedAccUpdateGradParameters(input, gradOutput, learningRate)
end

function Decorator:__tostring__()
  return torch.type(self) .. ' @ ' .. tostring(self.modules[1])
end

-- Gives another class the methods above, for those that need a second parent.
function Decorator.decorate(class)
  for _, name in ipairs {'updateOutput', 'updateGradInput', 'accGradParameters', 'accUpdateGradParameters',
                         'sharedAccUpdateGradParameters', '__tostring__'} do
    class[name] = Decorator[name]
  end
end

return Decorator
