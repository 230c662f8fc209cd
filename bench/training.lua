-- One step of stochastic gradient descent on a batch of 128: forward, loss, backward, update.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'
local nets = require 'nets'
require 'optim'

local function step(net, x)
  local y = torch.LongTensor(x:size(1)):random(1, 10):float()
  local criterion = nn.ClassNLLCriterion()
  local parameters, gradParameters = net:getParameters()
  local function feval()
    gradParameters:zero()
    local output = net:forward(x)
    local loss = criterion:forward(output, y)
    net:backward(x, criterion:backward(output, y))
    return loss, gradParameters
  end
  local config = {learningRate = 1e-4}
  return function() optim.sgd(feval, parameters, config) end
end

timing.row('mlp_784-512-10_step', step(nets.mlp(), torch.rand(128, 784)), 1.2)
timing.row('lenet_step', step(nets.lenet(), torch.rand(128, 1, 28, 28)), 1.5)
