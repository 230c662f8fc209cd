-- A training loop of 1000 steps holds no more memory at its end than in its middle. Under the asan preset, a leak of the
-- loop fails this test as well.
require 'nn'
require 'optim'
local core = require 'cresset.torch'

local tester = torch.Tester()
local tests = torch.TestSuite()

function tests.training_loop_keeps_its_memory()
  torch.manualSeed(1)
  local net = nn.Sequential()
  net:add(nn.Linear(20, 30)):add(nn.Tanh())
  net:add(nn.ConcatTable():add(nn.Linear(30, 5)):add(nn.Linear(30, 5))):add(nn.CAddTable()):add(nn.LogSoftMax())
  local criterion = nn.ClassNLLCriterion()
  local parameters, gradParameters = net:getParameters()
  local config = {learningRate = 1e-3}
  local function train(steps)
    for _ = 1, steps do
      local x, y = torch.randn(16, 20), torch.LongTensor(16):random(1, 5)
      optim.adam(function()
        gradParameters:zero()
        local output = net:forward(x)
        local loss = criterion:forward(output, y)
        net:backward(x, criterion:backward(output, y))
        return loss, gradParameters
      end, parameters, config)
    end
    collectgarbage()
    collectgarbage()
    return core.liveBytes(), collectgarbage('count')
  end

  local bytes, kilobytes = train(500)
  local laterBytes, laterKilobytes = train(500)

  tester:eq(laterBytes, bytes)
  tester:assertlt(laterKilobytes, kilobytes * 1.1)
end

tester:add(tests)
tester:run()
