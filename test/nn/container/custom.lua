-- Modules written in Lua, and methods replaced in Lua, inside containers written in C++.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()
local classes = {}

-- y = w x, with one weight.
local Scale, parent = torch.class('test.Scale', 'nn.Module', classes)
function Scale:__init(weight)
  parent.__init(self)
  self.weight, self.gradWeight = torch.Tensor{weight}, torch.Tensor{0}
end
function Scale:updateOutput(input)
  self.output:resizeAs(input):copy(input):mul(self.weight[1])
  return self.output
end
function Scale:updateGradInput(_, gradOutput)
  self.gradInput:resizeAs(gradOutput):copy(gradOutput):mul(self.weight[1])
  return self.gradInput
end
function Scale:accGradParameters(input, gradOutput, scale)
  self.gradWeight:add((scale or 1) * input:dot(gradOutput))
end

function test.a_module_in_lua_works_in_every_container()
  local x = torch.Tensor{{1, 2}, {3, 4}}
  local ones = torch.ones(2, 2)
  for _, case in ipairs {
    {nn.Sequential():add(nn.Identity()), x, x * 3, ones, ones * 3, 10},
    {nn.Concat(1), x, x * 3, ones, ones * 3, 10},
    {nn.DepthConcat(1), x, x * 3, ones, ones * 3, 10},
    {nn.ConcatTable(), x, {x * 3}, {ones}, ones * 3, 10},
    {nn.ParallelTable(), {x}, {x * 3}, {ones}, {ones * 3}, 10},
    {nn.MapTable(), {x, x}, {x * 3, x * 3}, {ones, ones}, {ones * 3, ones * 3}, 20},
    {nn.Parallel(1, 1):add(classes.Scale(3)), x, torch.Tensor{3, 6, 9, 12}, torch.ones(4), ones * 3, 7},
  } do
    local container, input, output, gradOutput, gradInput, gradWeight = unpack(case)
    local name = torch.typename(container)
    local scale = classes.Scale(3)
    container:add(scale)
    container:zeroGradParameters()

    tester:eq(container:forward(input), output, name)
    tester:eq(container:backward(input, gradOutput), gradInput, name)
    tester:eq(scale.gradWeight[1], gradWeight, name)
    tester:eq(container:updateGradInput(input, gradOutput), gradInput, name)
    container:accGradParameters(input, gradOutput, 2)
    tester:eq(scale.gradWeight[1], 3 * gradWeight, name .. ' with a scale')
  end
end

function test.a_method_replaced_on_an_instance_is_the_one_called()
  local m = nn.Sequential():add(nn.Sequential():add(nn.Linear(2, 2)))
  local linear = m.modules[1].modules[1]
  local calls = {}
  for _, name in ipairs {'updateOutput', 'updateGradInput', 'accGradParameters'} do
    local original = linear[name]
    linear[name] = function(self, ...)
      calls[#calls + 1] = name
      return original(self, ...)
    end
  end
  local x = torch.ones(2)

  m:forward(x)
  m:backward(x, torch.ones(2))

  tester:eq(calls, {'updateOutput', 'updateGradInput', 'accGradParameters'})
end

function test.a_replaced_backward_is_the_one_called()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  m.modules[1].backward = function(self)
    self.gradInput = torch.Tensor{7, 7}
    return self.gradInput
  end
  local x = torch.ones(2)

  m:forward(x)

  tester:eq(m:backward(x, torch.ones(2)), torch.Tensor{7, 7})
end

function test.a_method_replaced_on_a_class_is_the_one_called()
  local m = nn.Sequential():add(nn.Tanh()):add(nn.ConcatTable():add(nn.Tanh()))
  local original = nn.Tanh.updateOutput
  function nn.Tanh:updateOutput(input)
    self.output = input + 1
    return self.output
  end
  local ended, output = pcall(m.forward, m, torch.Tensor{1})
  nn.Tanh.updateOutput = original

  tester:assert(ended, tostring(output))
  tester:eq(output[1], torch.Tensor{3})
  tester:assert(math.abs(m:forward(torch.Tensor{1})[1][1] - math.tanh(math.tanh(1))) < 1e-12)
end

function test.a_class_derived_from_a_native_one_calls_it_by_its_parent()
  local Logged, linear = torch.class('test.Logged', 'nn.Linear', classes)
  function Logged:__init(...)
    linear.__init(self, ...)
    self.calls = 0
  end
  function Logged:updateOutput(input)
    self.calls = self.calls + 1
    return linear.updateOutput(self, input)
  end
  local logged = classes.Logged(2, 1)
  local m = nn.Sequential():add(logged)
  logged.weight:fill(1)
  logged.bias:fill(0.5)

  tester:eq(m:forward(torch.Tensor{{1, 2}}), torch.Tensor{{3.5}})
  tester:eq(logged.calls, 1)
  tester:eq(m:clone().modules[1].calls, 1)
end

function test.a_class_derived_from_a_native_container_has_its_gradients_called()
  local Half, table_ = torch.class('test.Half', 'nn.Parallel', classes)
  function Half:updateGradInput(input, gradOutput)
    return table_.updateGradInput(self, input, gradOutput):mul(0.5)
  end
  local m = classes.Half(1, 1):add(nn.Identity()):add(nn.Identity())
  local x = torch.ones(2, 2)
  m:forward(x)

  tester:eq(m:backward(x, torch.ones(4)), torch.Tensor(2, 2):fill(0.5))
end

function test.tables_and_numbers_pass_through()
  local Swap = torch.class('test.Swap', 'nn.Module', classes)
  function Swap:updateOutput(input)
    self.output = {input[2], input[1], name = 'kept'}
    return self.output
  end
  function Swap:updateGradInput(_, gradOutput)
    self.gradInput = {gradOutput[2], gradOutput[1]}
    return self.gradInput
  end
  local m = nn.Sequential():add(classes.Swap()):add(nn.ParallelTable():add(nn.MulConstant(2)):add(nn.Identity()))
  local a, b = torch.Tensor{1}, torch.Tensor{10, 20}

  local y = m:forward{a, b}
  local gx = m:backward({a, b}, {torch.ones(2), torch.ones(1)})

  tester:eq(y, {torch.Tensor{20, 40}, torch.Tensor{1}})
  tester:eq(gx, {torch.ones(1), torch.Tensor{2, 2}})
  tester:eq(m.modules[1].output.name, 'kept')
end

function test.a_module_may_run_a_network_of_its_own()
  local Inner, base = torch.class('test.Inner', 'nn.Module', classes)
  function Inner:__init()
    base.__init(self)
    self.net = nn.Sequential():add(nn.MulConstant(2)):add(nn.MulConstant(2))
  end
  function Inner:updateOutput(input)
    self.output = self.net:forward(input)
    return self.output
  end
  local m = nn.Sequential():add(nn.Sequential():add(classes.Inner()):add(classes.Inner())):add(nn.MulConstant(2))

  tester:eq(m:forward(torch.Tensor{1}), torch.Tensor{32})
  tester:eq(m:float():forward(torch.FloatTensor{1}), torch.FloatTensor{32})
end

function test.networks_may_run_in_coroutines()
  local m = nn.Sequential():add(classes.Scale(2)):add(nn.MulConstant(2))
  local original = m.modules[1].updateOutput
  m.modules[1].updateOutput = function(self, input) return original(self, input) end
  local run = coroutine.wrap(function(x)
    while true do x = coroutine.yield(m:forward(x):clone()) end
  end)

  tester:eq(run(torch.Tensor{1}), torch.Tensor{4})
  collectgarbage()
  tester:eq(run(torch.Tensor{2}), torch.Tensor{8})
  tester:eq(m:forward(torch.Tensor{3}), torch.Tensor{12})
end

function test.the_list_may_change_while_it_runs()
  local m = nn.Sequential()
  local Shrink = torch.class('test.Shrink', 'nn.Module', classes)
  function Shrink:updateOutput(input)
    for i = #m.modules, 2, -1 do m.modules[i] = nil end
    return input
  end
  m:add(classes.Shrink()):add(nn.Tanh()):add(nn.Tanh())

  tester:assertNoError(function() pcall(m.forward, m, torch.Tensor{1}) end)
  tester:eq(m:forward(torch.Tensor{1}), torch.Tensor{1})
end

function test.user_fields_survive_training_and_saving()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  m.modules[1].name, m.modules[1].lr = 'first', 0.1
  local x = torch.ones(2)

  m:forward(x)
  m:backward(x, x)
  local loaded = torch.deserialize(torch.serialize(m))

  tester:eq({loaded.modules[1].name, loaded.modules[1].lr}, {'first', 0.1})
end

function test.constructors_draw_parameters_with_the_reset_of_a_derived_class()
  for _, case in ipairs {
    {'Linear', 3, 2}, {'SpatialConvolution', 1, 2, 3, 3}, {'SpatialConvolutionMM', 1, 2, 3, 3}, {'LookupTable', 3, 2},
    {'CMul', 3}, {'CAdd', 3}, {'Add', 3}, {'Mul'}, {'SpatialBatchNormalization', 3},
  } do
    local Own, base = torch.class('test.Own' .. case[1], 'nn.' .. case[1], classes)
    function Own:__init(...) base.__init(self, ...) end
    local calls = 0
    function Own:reset()
      calls = calls + 1
      if self.weight then self.weight:fill(7) end
      if self.bias then self.bias:fill(7) end
    end
    torch.manualSeed(1)
    local first = torch.uniform()
    torch.manualSeed(1)

    local m = classes['Own' .. case[1]](unpack(case, 2))

    tester:eq(torch.uniform(), first, case[1] .. ': no number was drawn')
    tester:eq({calls, m:parameters()[1]:min()}, {1, 7}, case[1])
  end
end

function test.constructors_draw_parameters_with_a_reset_replaced_in_the_class()
  local original = nn.Linear.reset
  function nn.Linear:reset(stdv)
    original(self, stdv)
    self.bias:zero()
  end
  torch.manualSeed(1)
  local own = nn.Linear(3, 2)
  nn.Linear.reset = original
  torch.manualSeed(1)
  local plain = nn.Linear(3, 2)

  tester:eq(own.weight, plain.weight)
  tester:eq({own.bias:norm(), plain.bias:norm() > 0}, {0, true})
end

function test.a_class_derived_from_Sequential_prints_as_Sequential()
  local _, base = torch.class('test.Pair', 'nn.Sequential', classes)
  function classes.Pair:__init()
    base.__init(self)
    self:add(nn.Tanh())
  end
  tester:eq(tostring(classes.Pair()), 'nn.Sequential {\n  [input -> (1) -> output]\n  (1): nn.Tanh\n}')
  tester:eq(torch.typename(classes.Pair()), 'test.Pair')
end

-------------------------------------------------------------------------------------------- what flows between modules
-- y = f(x), and the gradient g(x, gradOutput).
local Call, callParent = torch.class('test.Call', 'nn.Module', classes)
function Call:__init(f, g)
  callParent.__init(self)
  self.f, self.g = f, g
end
function Call:updateOutput(input)
  self.output = self.f(input)
  return self.output
end
function Call:updateGradInput(input, gradOutput)
  self.gradInput = self.g(input, gradOutput)
  return self.gradInput
end

function test.containers_hand_on_values_of_every_kind()
  local values = {
    'text', true, false, 1.5, print, torch.LongStorage{1, 2}, torch.Timer(), coroutine.create(print),
    require('ffi').new('int[2]'), nn.Linear(2, 2), {name = 'x', true, {flag = false, 'y'}},
  }
  for _, value in ipairs(values) do
    local seen = {}
    local function see(x)
      seen[#seen + 1] = x
      return x
    end
    local net = nn.Sequential():add(nn.Identity()):add(classes.Call(see, see)):add(nn.Identity())

    tester:assert(rawequal(net:forward(value), value), 'output of ' .. type(value))
    tester:assert(rawequal(net:backward(value, value), value), 'gradient of ' .. type(value))

    tester:assert(rawequal(seen[1], value) and rawequal(seen[2], value))
    tester:assert(rawequal(nn.ConcatTable():add(nn.Identity()):forward(value)[1], value))
    tester:assert(rawequal(nn.ParallelTable():add(nn.Identity()):forward({value})[1], value))
  end
end

function test.tables_may_hold_more_than_tensors()
  local x = torch.Tensor{1, 2}
  local input = {x, 'label', width = 3, [x] = true, done = false}
  local net = nn.Sequential():add(classes.Call(function(t)
    tester:assert(rawequal(t, input))
    return {t[1] * t.width, t[2]}
  end)):add(nn.ParallelTable():add(nn.Tanh()):add(classes.Call(string.upper)))

  tester:eq(net:forward(input), {torch.tanh(x * 3), 'LABEL'})
  tester:eq(nn.SelectTable(2):forward(input), 'label')
  tester:eq(nn.NarrowTable(1, 2):forward(input), {x, 'label'})
  tester:eq(nn.FlattenTable():forward({'a', {x, {true}}}), {'a', x, true})
end

function test.the_gradient_of_what_is_no_tensor_is_nil()
  local m = nn.SelectTable(1)
  local input = {torch.ones(2), 'label', name = 'x'}
  m:forward(input)

  local gradInput = m:backward(input, torch.Tensor{3, 4})

  tester:eq(gradInput[1], torch.Tensor{3, 4})
  tester:eq({#gradInput, gradInput.name}, {1})
end

function test.a_module_that_needs_a_tensor_names_what_came()
  local function fails(value, pattern)
    tester:assertErrorPattern(function() nn.Linear(2, 2):forward(value) end,
                              'nn.Linear: argument 1 %(input%): expected a tensor, got ' .. pattern)
  end
  fails('text', 'string')
  fails(true, 'boolean')
  fails(torch.LongStorage{1}, 'torch.LongStorage')
  fails({torch.ones(2), 'x', {1}}, '{torch.DoubleTensor %[2%], string, {number}}')
  tester:assertErrorPattern(function() nn.MSECriterion():forward(torch.ones(2), 'x') end,
                            'nn.MSECriterion: argument 2 %(target%): expected a tensor, got string')
end

function test.modules_in_lua_name_what_came_too()
  local copy = nn.Copy('torch.DoubleTensor', 'torch.FloatTensor')
  local map = nn.MapTable(nn.Tanh())
  local x = torch.ones(2)
  for _, case in ipairs {
    {'nn.Copy: argument 1 (input): expected a tensor, got number', copy, 'updateOutput', 5},
    {'nn.Copy: argument 2 (gradOutput): expected a tensor, got nil', copy, 'updateGradInput', x},
    {'argument 1 (input): expected table, got torch.DoubleTensor', map, 'updateOutput', x},
    {'argument 1 (input): expected table, got nn.Copy', map, 'updateOutput', copy},
    {'argument 2 (gradOutput): expected table, got number', map, 'updateGradInput', {x}, 5},
  } do
    local text, m, method, input, gradOutput = unpack(case, 1, 5)
    local ended, message = pcall(m[method], m, input, gradOutput)
    tester:assert(not ended and message:find(text, 1, true) ~= nil, tostring(message))
  end
end

function test.a_table_that_contains_itself_is_an_error_where_its_entries_matter()
  local t = {torch.ones(2)}
  t[2] = t

  tester:assert(rawequal(nn.Sequential():add(nn.Identity()):forward(t), t))
  tester:eq(nn.SelectTable(1):forward(t), torch.ones(2))
  tester:assertErrorPattern(function() nn.FlattenTable():forward(t) end, 'tables nested deeper than')
  tester:assertErrorPattern(function() nn.SelectTable(1):backward(t, torch.ones(2)) end, 'tables nested deeper than')
  tester:assertErrorPattern(function() nn.Linear(2, 2):forward(t) end, 'expected a tensor, got {.*{%.%.%.}}')
end

function test.a_gradient_without_an_output_is_an_error()
  local x = torch.ones(2, 2)
  for _, m in ipairs {nn.Concat(2), nn.DepthConcat(1), nn.Parallel(1, 1):add(nn.Linear(2, 2))} do
    m:add(nn.Linear(2, 2))
    tester:assertError(function() m:backward(x, torch.ones(2, 2)) end, tostring(m))
    m:forward(x)
    tester:assertError(function() m:backward(x, torch.ones(2, 2, 2)) end, tostring(m))
  end
  local m = nn.Parallel(1, 1):add(nn.Tanh()):add(nn.Tanh())
  m:forward(x)
  m.outputDimension = 1e18
  tester:assertErrorPattern(function() m:backward(x, torch.ones(4)) end, 'nn.Parallel: argument 2 %(outputDimension%)')
end

function test.a_list_of_children_that_is_no_table_is_an_error()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  m.modules = 'children'
  tester:assertErrorPattern(function() m:forward(torch.ones(2)) end, 'modules: expected a table, got string')
  m:reset()
  tester:eq(m.modules, 'children')

  local c = nn.MultiCriterion()
  c.criterions = 5
  tester:assertErrorPattern(function() c:forward(torch.ones(2), torch.ones(2)) end,
                            'criterions: expected a table, got number')
end

tester:add(test):run()
