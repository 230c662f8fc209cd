-- nn.StochasticGradient: trains a module, one example after the other.
local torch = require 'torch'
require 'nn'  -- a file may have an object of this class before the script names the package

local StochasticGradient = torch.class('nn.StochasticGradient')

function StochasticGradient:__init(module, criterion)
  self.learningRate = 0.01
  self.learningRateDecay = 0
  self.maxIteration = 25  -- epochs; 0: until interrupted
  self.shuffleIndices = true
  self.module = module
  self.criterion = criterion
  self.verbose = true
end

-- dataset:size() examples, dataset[i] = {input, target}. Calls hookExample(self, example) and
-- hookIteration(self, iteration, meanError) where these are set.
function StochasticGradient:train(dataset)
  local module, criterion = self.module, self.criterion
  local n = dataset:size()
  -- Drawn once, and also when unused: a seed must give Torch7's training.
  local order = torch.randperm(n, 'torch.LongTensor')
  local learningRate = self.learningRate
  local iteration = 1

  print('# StochasticGradient: training')
  while true do
    local total = 0
    for i = 1, n do
      local example = dataset[self.shuffleIndices and tonumber(order[i]) or i]
      local input, target = example[1], example[2]
      total = total + criterion:forward(module:forward(input), target)
      local gradient = criterion:updateGradInput(module.output, target)
      module:updateGradInput(input, gradient)
      module:accUpdateGradParameters(input, gradient, learningRate)
      if self.hookExample then self.hookExample(self, example) end
    end
    local mean = total / n
    if self.hookIteration then self.hookIteration(self, iteration, mean) end
    if self.verbose then print('# current error = ' .. mean) end

    iteration = iteration + 1
    learningRate = self.learningRate / (1 + iteration * self.learningRateDecay)
    if self.maxIteration > 0 and iteration > self.maxIteration then
      print('# StochasticGradient: you have reached the maximum number of iterations')
      print('# training error = ' .. mean)
      return
    end
  end
end

return StochasticGradient
