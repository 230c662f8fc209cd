-- nn.Jacobian, and by it the gradients of classes with parameters.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()
local jacobian = nn.Jacobian
local classes = {}

local kTolerance = 1e-5  -- central differences with a step of 1e-6

-- y = w x with a gradient that is wrong by a factor.
local Wrong, parent = torch.class('test.Wrong', 'nn.Module', classes)
function Wrong:__init(error)
  parent.__init(self)
  self.error = error
  self.weight, self.gradWeight = torch.Tensor{2}, torch.Tensor{0}
end
function Wrong:updateOutput(input)
  self.output = input * self.weight[1]
  return self.output
end
function Wrong:updateGradInput(_, gradOutput)
  self.gradInput = gradOutput * self.weight[1] * self.error
  return self.gradInput
end
function Wrong:accGradParameters(input, gradOutput, scale)
  self.gradWeight:add((scale or 1) * self.error * input:dot(gradOutput))
end

function test.forward_and_backward_of_a_known_function()
  local m = classes.Wrong(1)
  local x = torch.Tensor{1, 3}
  local expected = torch.Tensor{{2, 0}, {0, 2}}

  tester:eq(jacobian.backward(m, x), expected)
  tester:eq(jacobian.forward(m, x), expected, 1e-8)
  tester:eq(x, torch.Tensor{1, 3}, 'the input is restored')
  tester:eq(jacobian.backward(m, x, m.weight, m.gradWeight), torch.Tensor{{1, 3}})
  tester:eq(jacobian.forward(m, x, m.weight), torch.Tensor{{1, 3}}, 1e-8)
  tester:eq(jacobian.backwardUpdate(m, x, m.weight), torch.Tensor{{1, -1}})
  tester:eq(jacobian.forwardUpdate(m, x, m.weight), torch.Tensor{{1, -1}}, 1e-8)
  tester:eq(m.weight, torch.Tensor{2}, 'the parameter is restored')
end

function test.a_wrong_gradient_is_noticed()
  local m = classes.Wrong(1.5)
  local x = torch.Tensor(4)

  tester:eq(jacobian.testJacobian(m, x), 1, 1e-5)
  m.weight:fill(2)
  tester:assert(jacobian.testJacobianParameters(m, x, m.weight, m.gradWeight) > 1e-3)
  tester:assert(jacobian.testJacobianUpdateParameters(m, x, m.weight) > 1e-3)
end

function test.a_state_that_is_not_saved_is_noticed()
  local Forgets, base = torch.class('test.Forgets', 'nn.Module', classes)
  function Forgets:__init()
    base.__init(self)
    self.factor = 3
  end
  function Forgets:updateOutput(input)
    self.output = input * self.factor
    return self.output
  end
  function Forgets:read(file)
    base.read(self, file)
    self.factor = 1
  end
  tester:assert(jacobian.testIO(classes.Forgets(), torch.Tensor(3)) > 0)
  function Forgets:clearState() end
  tester:assertErrorPattern(function() jacobian.testIO(classes.Forgets(), torch.Tensor(3)) end,
                            'clearState did not return self')
end

function test.inputs_are_drawn_from_the_range()
  local x = torch.Tensor(100)
  jacobian.testJacobian(nn.Identity(), x, 3, 4)
  tester:assert(x:min() >= 3 and x:max() <= 4 and x:max() - x:min() > 0.5)
end

-- {constructor, sizes of the input [, min, max]}
local modules = {
  {'nn.Linear(4, 3)', {5, 4}}, {'nn.Linear(4, 3)', {4}}, {'nn.Linear(4, 3, false)', {5, 4}},
  {'nn.Tanh()', {3, 7}}, {'nn.Sigmoid()', {3, 7}}, {'nn.LogSigmoid()', {3, 7}}, {'nn.SoftPlus(2)', {3, 7}},
  {'nn.SoftSign()', {3, 7}}, {'nn.ELU(0.5)', {3, 7}}, {'nn.Exp()', {3, 7}}, {'nn.Square()', {3, 7}},
  {'nn.Log()', {3, 7}, 0.5, 2}, {'nn.Sqrt()', {3, 7}, 0.5, 2}, {'nn.Power(3)', {3, 7}, 0.5, 2},
  {'nn.ReLU()', {3, 7}, 0.1, 2}, {'nn.LeakyReLU(0.2)', {3, 7}, -2, -0.1}, {'nn.HardTanh()', {3, 7}, -0.9, 0.9},
  {'nn.SoftMax()', {3, 7}}, {'nn.LogSoftMax()', {3, 7}}, {'nn.SoftMin()', {7}}, {'nn.SpatialSoftMax()', {2, 3, 2, 2}},
  {'nn.BatchNormalization(4)', {5, 4}}, {'nn.SpatialBatchNormalization(2)', {2, 2, 3, 3}},
  {'nn.BatchNormalization(4, 1e-3, 0.1, false)', {5, 4}},
  {'nn.Add(4)', {3, 4}}, {'nn.Mul()', {3, 4}}, {'nn.CMul(4)', {3, 4}}, {'nn.CAdd(1, 4)', {3, 4}},
  {'nn.Mean(1)', {3, 4}}, {'nn.Sum(2)', {3, 4}}, {'nn.Max(1)', {3, 4}}, {'nn.View(-1)', {3, 4}},
  {'nn.Reshape(12)', {2, 3, 4}}, {'nn.Transpose({1, 2})', {3, 4}}, {'nn.Replicate(3)', {3, 4}},
  {'nn.Sequential():add(nn.Linear(4, 3)):add(nn.Tanh()):add(nn.Linear(3, 2))', {5, 4}},
  {'nn.Concat(2):add(nn.Linear(4, 3)):add(nn.Linear(4, 2))', {5, 4}},
  {'nn.Sequential():add(nn.ConcatTable():add(nn.Linear(4, 3)):add(nn.Linear(4, 3))):add(nn.CAddTable())', {5, 4}},
  {'nn.Sequential():add(nn.ConcatTable():add(nn.Linear(4, 3)):add(nn.Linear(4, 3))):add(nn.CMulTable())', {5, 4}},
  {'nn.Sequential():add(nn.SplitTable(2)):add(nn.MapTable(nn.Linear(3, 2))):add(nn.JoinTable(1))', {3, 4}},
  {'nn.SpatialConvolution(2, 3, 3, 2, 2, 1, 1, 0)', {2, 2, 5, 4}},
  {'nn.SpatialMaxPooling(2, 2, 2, 2)', {2, 5, 4}}, {'nn.SpatialAveragePooling(3, 2, 2, 1)', {2, 2, 5, 4}},
}

local function eachModule(visit)
  local seen = 0
  for _, case in ipairs(modules) do
    local constructor, sizes, min, max = unpack(case)
    local known = true
    for name in constructor:gmatch('nn%.(%w+)') do known = known and nn[name] ~= nil end
    if known then
      seen = seen + 1
      local m = assert(loadstring('return ' .. constructor))()
      visit(m, torch.Tensor(unpack(sizes)), min, max, constructor)
    end
  end
  tester:assert(seen > 20, 'classes that exist: ' .. seen)
end

function test.gradients_by_the_input()
  eachModule(function(m, x, min, max, name)
    tester:assert(jacobian.testJacobian(m, x, min, max) < kTolerance, name)
  end)
end

function test.gradients_by_each_parameter()
  eachModule(function(m, x, min, max, name)
    local parameters, gradients = m:parameters()
    for i, parameter in ipairs(parameters or {}) do
      local where = name .. ', parameter ' .. i
      if not name:find('MapTable') then  -- the update of a shared parameter happens once for each clone
        tester:assert(jacobian.testJacobianUpdateParameters(m, x, parameter, min, max) < kTolerance, where)
      end
      tester:assert(jacobian.testJacobianParameters(m, x, parameter, gradients[i], min, max) < kTolerance, where)
    end
  end)
end

function test.the_ways_to_accumulate_agree()
  for _, m in ipairs {nn.Linear(4, 3), nn.CMul(4), nn.Mul()} do
    local errors = jacobian.testAllUpdate(m, torch.rand(5, 4), 'weight', 'gradWeight')
    local names = {}
    for name, error in pairs(errors) do
      names[#names + 1] = name
      tester:assert(error < 1e-10, torch.typename(m) .. ' ' .. name .. ': ' .. error)
    end
    table.sort(names)
    tester:eq(names, {'accGradParameters', 'accGradParameters [shared]', 'accUpdateGradParameters',
                      'accUpdateGradParameters [shared]'})
  end
end

function test.saving_changes_no_result()
  eachModule(function(m, x, min, max, name)
    local output, gradInput = jacobian.testIO(m, x, min, max)
    tester:eq({output, gradInput}, {0, 0}, name)
  end)
end

tester:add(test):run()
