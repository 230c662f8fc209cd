-- Networks of half and bfloat16 train like those of float, with fewer digits.
require 'nn'
local tester = torch.Tester()
local tests = torch.TestSuite()

local function network()
  torch.manualSeed(3)
  return nn.Sequential():add(nn.Linear(20, 30)):add(nn.Tanh()):add(nn.Linear(30, 30)):add(nn.ReLU())
             :add(nn.Linear(30, 4)):add(nn.LogSoftMax()):float()
end

-- Half an ulp at each of some thousand roundings.
local kTolerance = {['torch.HalfTensor'] = 0.01, ['torch.BFloat16Tensor'] = 0.06}

for type, tolerance in pairs(kTolerance) do
  local short = type:match '%.(%w+)Tensor'

  tests['forward_and_backward_agree_with_float_' .. short] = function()
    local x = torch.FloatTensor(16, 20):uniform(-1, 1):type(type)
    local target = torch.FloatTensor(16, 4):uniform(-2, 0):type(type)
    local low, criterion = network():type(type), nn.MSECriterion():type(type)
    local high, reference = low:clone():float(), nn.MSECriterion():float()
    local function step(net, loss, input, wanted)
      net:zeroGradParameters()
      local value = loss:forward(net:forward(input), wanted)
      net:backward(input, loss:backward(net.output, wanted))
      return value
    end

    tester:assertalmosteq(step(low, criterion, x, target), step(high, reference, x:float(), target:float()), tolerance)

    tester:eq(torch.type(low.output), type)
    tester:eq(torch.type(low.gradInput), type)
    tester:assertTensorEq(low.output:float(), high.output, tolerance)
    tester:assertTensorEq(low.gradInput:float(), high.gradInput, tolerance)
    local _, gradients = low:getParameters()
    local _, expected = high:getParameters()
    tester:assertTensorEq(gradients:float(), expected, tolerance)
  end

  tests['a_network_learns_' .. short] = function()
    torch.manualSeed(5)
    local x = torch.FloatTensor(64, 3):uniform(-1, 1):type(type)
    local target = x:narrow(2, 1, 1):clone():cmul(x:narrow(2, 2, 1)) + x:narrow(2, 3, 1)
    local net = nn.Sequential():add(nn.Linear(3, 24)):add(nn.Tanh()):add(nn.Linear(24, 1)):type(type)
    local criterion = nn.MSECriterion():type(type)
    local first, last
    for i = 1, 300 do
      net:zeroGradParameters()
      last = criterion:forward(net:forward(x), target)
      first = first or last
      net:backward(x, criterion:backward(net.output, target))
      net:updateParameters(0.2)
    end
    tester:assertlt(last, first / 10)
  end
end

function tests.optimisers_round_parameters_and_state()
  for name, config in pairs {sgd = {learningRate = 0.1, momentum = 0.9}, adam = {learningRate = 0.1}, adagrad = {}} do
    local optim = require 'optim'
    local function steps(type)
      local x, state = torch.FloatTensor {1, -2, 3}:type(type), {}
      for k, v in pairs(config) do state[k] = v end
      for i = 1, 5 do optim[name](function(p) return 0, p * 2 end, x, state) end
      return x
    end
    local x = steps('torch.HalfTensor')
    tester:eq(torch.type(x), 'torch.HalfTensor')
    tester:assertTensorEq(x:float(), steps('torch.FloatTensor'), 0.01)
  end
end

function tests.modules_without_kernels_for_half_say_so()
  local m = nn.BatchNormalization(4):type('torch.HalfTensor')
  tester:assertErrorPattern(function() m:forward(torch.ones(2, 4, 'torch.HalfTensor')) end, 'torch.HalfTensor')
end

tester:add(tests):run()
