-- Checks nn.Swish's gradients against finite differences, and trains it inside a network: th check.lua
package.path = paths.dirname(paths.thisfile()) .. '/?.lua;' .. package.path
require 'nn'
require 'optim'
require 'Swish'

torch.manualSeed(1)
local kTolerance = 1e-6  -- of the finite differences, whose step is 1e-6, in double

local function check(what, difference)
  print(('%-40s %.1e'):format(what, difference))
  if difference > kTolerance then error(what .. ': the gradient is wrong', 0) end
end

-- Alone, then inside containers, whose gradient is right only if its own is.
local x = torch.Tensor(3, 4)
local swish = nn.Swish(1.5)
check('gradient by the input', nn.Jacobian.testJacobian(swish, x))
check('gradient by the slope', nn.Jacobian.testJacobianParameters(swish, x, swish.weight, swish.gradWeight))
local hidden = nn.Linear(4, 5)
local net = nn.Sequential():add(hidden):add(nn.Swish()):add(nn.Linear(5, 1))
check('gradient through a network', nn.Jacobian.testJacobian(net, x))
check('gradient by the layer before', nn.Jacobian.testJacobianParameters(net, x, hidden.weight, hidden.gradWeight))

-- It learns: y = x1 * x2.
local inputs = torch.rand(200, 4):mul(2):add(-1)
local targets = torch.cmul(inputs:select(2, 1), inputs:select(2, 2)):view(200, 1)
local criterion = nn.MSECriterion()
net:reset()
local parameters, gradParameters = net:getParameters()
local function feval()
  gradParameters:zero()
  local outputs = net:forward(inputs)
  local loss = criterion:forward(outputs, targets)
  net:backward(inputs, criterion:backward(outputs, targets))
  return loss, gradParameters
end
local first, last
local state = {}
for _ = 1, 500 do
  local _, losses = optim.adam(feval, parameters, {learningRate = 0.02}, state)
  first, last = first or losses[1], losses[1]
end
print(('loss of the network: %.4f, after 500 steps %.4f; the slope became %.2f'):format(
  first, last, net:get(2).weight[1]))
if last > first / 10 then error('the network did not learn', 0) end

-- It is saved like any module.
local copy = torch.deserialize(torch.serialize(net))
if (copy:forward(inputs) - net:forward(inputs)):abs():max() > 0 then error('a saved network differs', 0) end
print('saved and loaded: the same')
