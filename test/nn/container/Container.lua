-- Containers: their lists of children, what they pass on, and where in a tree an error happened.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()
local classes = {}

-- Fails in every method, on demand.
local Broken = torch.class('test.Broken', 'nn.Module', classes)
function Broken:updateOutput() error('out of order') end
function Broken:updateGradInput() error('gradient out of order') end

-- A container written in Lua: its first child only.
local First = torch.class('test.First', 'nn.Container', classes)
function First:updateOutput(input)
  self.output = self:rethrowErrors(self.modules[1], 1, 'updateOutput', input)
  return self.output
end
function First:updateGradInput(input, gradOutput)
  self.gradInput = self:rethrowErrors(self.modules[1], 1, 'updateGradInput', input, gradOutput)
  return self.gradInput
end
function First:accGradParameters(input, gradOutput, scale)
  self:rethrowErrors(self.modules[1], 1, 'accGradParameters', input, gradOutput, scale)
end

local function errorOf(f, ...)
  local ended, message = pcall(f, ...)
  tester:assert(not ended, 'expected an error')
  return tostring(message)
end

--------------------------------------------------------------------------------------------------------------- lists
function test.add_appends_and_chains()
  local m = nn.ConcatTable()
  local a, b = nn.Tanh(), nn.ReLU()

  tester:assert(rawequal(m:add(a):add(b), m))
  tester:assert(rawequal(m:get(2), b) and rawequal(m.modules[1], a))
  tester:eq(m:size(), 2)
end

function test.adding_nothing_is_an_error()
  for _, m in ipairs {nn.Sequential(), nn.ConcatTable()} do
    tester:assertErrorPattern(function() m:add(nil) end, "attempt to index local 'module' %(a nil value%)")
    tester:assertErrorPattern(function() m:add(torch.ones(2)) end,
                              torch.type(m) .. ':add: argument 1: expected module, got torch.DoubleTensor')
    tester:eq(m:size(), 0)
  end
  tester:assertErrorPattern(function() nn.Sequential():insert(nil, 1) end,
                            'nn.Sequential:insert: argument 1: expected module, got nil')
end

function test.scripts_may_change_the_list()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  table.insert(m.modules, nn.MulConstant(0))
  tester:eq(m:forward(torch.ones(2)), torch.zeros(2))

  m.modules[2] = nn.AddConstant(1)
  m.modules[1] = nn.Identity()
  tester:eq(m:forward(torch.ones(2)), torch.Tensor{2, 2})

  m.modules = {nn.MulConstant(5)}
  tester:eq(m:forward(torch.ones(2)), torch.Tensor{5, 5})
end

function test.Sequential_shows_its_first_gradInput_and_its_last_output()
  local m = nn.Sequential()
  local a, b = nn.Linear(2, 2), nn.Tanh()

  m:add(a):add(b)
  tester:assert(rawequal(m.gradInput, a.gradInput) and rawequal(m.output, b.output))
  tester:eq(#m, 2)

  m:insert(nn.Identity(), 1)
  tester:assert(rawequal(m.gradInput, m.modules[1].gradInput) and rawequal(m.modules[2], a))

  m:remove()
  tester:assert(rawequal(m.output, a.output))
  m:remove(1)
  m:remove(1)
  tester:eq({#m, m.output:nElement()}, {0, 0})
end

function test.insert_and_remove_stay_inside_the_list()
  local m = nn.Sequential():add(nn.Tanh())

  tester:assertErrorPattern(function() m:insert(nn.Tanh(), 3) end, 'index should be contiguous to existing modules')
  tester:assertErrorPattern(function() m:remove(2) end, 'index out of range')
  tester:eq(#m, 1)
end

function test.an_empty_Sequential_gives_its_input()
  local x = torch.ones(2)
  tester:assert(rawequal(nn.Sequential():forward(x), x) or nn.Sequential():forward(x) == x)
end

function test.an_empty_Sequential_has_no_way_back()
  local m = nn.Sequential()
  local x = torch.ones(2)
  for _, method in ipairs {'backward', 'updateGradInput', 'accGradParameters'} do
    tester:assertErrorPattern(function() m[method](m, x, x) end, "attempt to index local 'module' %(a nil value%)")
  end
end

function test.joined_sizes_are_fields_after_a_forward()
  local concat = nn.Concat(2):add(nn.Linear(3, 2)):add(nn.Linear(3, 4))
  concat:forward(torch.ones(5, 3))
  tester:eq(concat.outputSize:totable(), {5, 6})
  concat:forward(torch.ones(7, 3))
  tester:eq(concat.outputSize:totable(), {7, 6})

  local parallel = nn.Parallel(1, 2):add(nn.View(1, 3)):add(nn.View(1, 3))
  tester:assert(parallel.totalOutputSize == nil)
  parallel:forward(torch.ones(2, 3))
  tester:eq(parallel.totalOutputSize:totable(), {1, 6})
end

function test.a_Parallel_without_dimensions_prints_but_does_not_run()
  local m = nn.Parallel():add(nn.Tanh()):add(nn.ReLU())

  tester:eq(tostring(m), 'nn.Parallel {\n  input\n    |`-> (1): nn.Tanh\n     `-> (2): nn.ReLU\n     ... -> output\n}')
  tester:eq(#m:listModules(), 3)
  tester:assertErrorPattern(function() m:forward(torch.ones(2, 3)) end, 'nn.Parallel: argument 1')
end

---------------------------------------------------------------------------------------------------------- passing on
function test.methods_reach_every_child()
  local m = nn.Sequential():add(nn.Linear(2, 2)):add(nn.ConcatTable():add(nn.Linear(2, 1)):add(nn.Dropout()))
  m:zeroGradParameters()
  for _, gradient in ipairs(select(2, m:parameters())) do tester:eq(gradient:sum(), 0) end

  m:evaluate()
  tester:eq({m.train, m.modules[2].train, m.modules[2].modules[2].train}, {false, false, false})
  m:training()
  tester:eq(m.modules[2].modules[2].train, true)

  local seen = {}
  m:applyToModules(function(child) seen[#seen + 1] = torch.typename(child) end)
  tester:eq(seen, {'nn.Linear', 'nn.ConcatTable'})
end

function test.updateParameters_reaches_every_child()
  local m = nn.Sequential():add(nn.Linear(2, 2)):add(nn.Sequential():add(nn.Linear(2, 2)))
  local p, g = m:getParameters()
  p:fill(1)
  g:fill(2)

  m:updateParameters(0.25)

  tester:eq(p, torch.Tensor(p:nElement()):fill(0.5))
end

function test.accUpdateGradParameters_updates_every_child()
  local x = torch.Tensor{{1, 2}, {3, 4}}
  local shared = nn.Linear(2, 2)
  for _, case in ipairs {
    {nn.Sequential():add(nn.Linear(2, 2)):add(nn.Sequential():add(nn.Tanh()):add(nn.Linear(2, 1))), x},
    {nn.Sequential():add(shared):add(nn.Tanh()):add(nn.Linear(2, 2)), x},
    {nn.Concat(2):add(nn.Linear(2, 2)):add(nn.Linear(2, 1)), x},
    {nn.ConcatTable():add(nn.Linear(2, 2)):add(nn.Linear(2, 1)), x},
    {nn.ParallelTable():add(nn.Linear(2, 2)):add(nn.Linear(2, 1)), {x, x}},
    {nn.Parallel(1, 1):add(nn.Linear(2, 2)):add(nn.Linear(2, 1)), x},
    {nn.Sequential():add(nn.Decorator(nn.Linear(2, 2))), x},
  } do
    local m, input = unpack(case)
    local name = tostring(m)
    local gradOutput = nn.utils.recursiveFill(nn.utils.recursiveCopy(nil, m:forward(input)), 1)
    local expected = m:clone()
    expected:zeroGradParameters()
    expected:forward(input)
    local gradInput = expected:backward(input, gradOutput)
    expected:updateParameters(0.5)
    local before = select(2, m:parameters())[1]:clone()

    tester:eq(m:backwardUpdate(input, gradOutput, 0.5), gradInput, name)

    for i, parameter in ipairs(m:parameters()) do
      tester:eq(parameter, expected:parameters()[i], 1e-12, name)
    end
    tester:eq(select(2, m:parameters())[1], before, 'the gradients are as they were')
    for _, child in ipairs(m.modules) do tester:eq(rawget(child, 'accGradParameters'), nil) end
  end
end

function test.accUpdateGradParameters_takes_a_child_twice()
  local linear = nn.Linear(1, 1, false)
  linear.weight:fill(2)
  local m = nn.ConcatTable():add(linear):add(linear)
  local x = torch.Tensor{3}
  m:forward(x)

  m:backwardUpdate(x, {torch.Tensor{1}, torch.Tensor{10}}, 0.01)

  tester:eq(linear.weight[1][1], 2 - 0.01 * 3 * 11, 1e-12)
  tester:eq(rawget(linear, 'accGradParameters'), nil)
end

function test.reset_draws_new_parameters_in_order()
  local m = nn.Sequential():add(nn.Linear(2, 2)):add(nn.Linear(2, 3))
  torch.manualSeed(3)
  m:reset()
  torch.manualSeed(3)
  local first, second = nn.Linear(2, 2), nn.Linear(2, 3)

  tester:eq(m.modules[1].weight, first.weight)
  tester:eq(m.modules[2].bias, second.bias)
end

function test.parameters_is_empty_but_not_nil_without_any()
  local p, g = nn.Sequential():add(nn.Tanh()):parameters()
  tester:eq({#p, #g}, {0, 0})
end

function test.share_goes_child_by_child()
  local function net() return nn.Sequential():add(nn.Linear(2, 2)):add(nn.Sequential():add(nn.Linear(2, 2))) end
  local a, b = net(), net()

  tester:assert(rawequal(a:share(b, 'weight'), a))
  b.modules[2].modules[1].weight:fill(8)

  tester:eq(a.modules[2].modules[1].weight, torch.Tensor(2, 2):fill(8))
end

function test.clearState_makes_new_tensors()
  local m = nn.Sequential():add(nn.Linear(2, 2)):add(nn.ConcatTable():add(nn.Tanh()):add(nn.Identity()))
  local x = torch.ones(2)
  local y = m:forward(x)
  m:backward(x, y)

  tester:assert(rawequal(m:clearState(), m))

  tester:eq(x, torch.ones(2), "the input, which nn.Identity's output was, is whole")
  tester:eq(#m.output, 0)
  tester:eq(m.modules[1].output:nElement(), 0)
  tester:eq(m:forward(x)[2]:nElement(), 2)
end

------------------------------------------------------------------------------------------------------------ printing
function test.trees_print_as_in_torch7()
  local linear = 'nn.Linear(4 -> 3)'
  tester:eq(tostring(nn.Sequential()), 'nn.Sequential {\n  [input -> output]\n}')
  tester:eq(tostring(nn.Concat(1)), 'nn.Concat {\n  input\n     ... -> output\n}')
  tester:eq(tostring(nn.Sequential():add(nn.Linear(4, 3)):add(nn.Tanh())),
            'nn.Sequential {\n  [input -> (1) -> (2) -> output]\n  (1): ' .. linear .. '\n  (2): nn.Tanh\n}')
  for _, m in ipairs {nn.Concat(2), nn.DepthConcat(1), nn.Parallel(1, 1), nn.ParallelTable(), nn.ConcatTable()} do
    tester:eq(tostring(m:add(nn.Linear(4, 3)):add(nn.Tanh())),
              torch.typename(m) .. ' {\n  input\n    |`-> (1): ' .. linear ..
                '\n     `-> (2): nn.Tanh\n     ... -> output\n}')
  end
  tester:eq(tostring(nn.ParallelTable():add(nn.Tanh())),
            'nn.ParallelTable {\n  input\n     `-> (1): nn.Tanh\n     ... -> output\n}')
  tester:eq(tostring(nn.MapTable(nn.Linear(4, 3))), 'nn.MapTable {\n  ' .. linear .. '\n}')
  tester:eq(tostring(nn.MapTable()), 'nn.MapTable { }')
  tester:eq(tostring(nn.Decorator(nn.Linear(4, 3))), 'nn.Decorator @ ' .. linear)
  tester:eq(tostring(nn.Container()), 'nn.Container')
end

function test.nested_trees_are_indented()
  local m = nn.Sequential():add(nn.Sequential():add(nn.Sequential():add(nn.Tanh()))):add(
              nn.Concat(1):add(nn.Tanh()):add(nn.Sequential():add(nn.ReLU())))
  tester:eq(tostring(m), [[
nn.Sequential {
  [input -> (1) -> (2) -> output]
  (1): nn.Sequential {
    [input -> (1) -> output]
    (1): nn.Sequential {
      [input -> (1) -> output]
      (1): nn.Tanh
    }
  }
  (2): nn.Concat {
    input
      |`-> (1): nn.Tanh
       `-> (2): nn.Sequential {
             [input -> (1) -> output]
             (1): nn.ReLU
           }
       ... -> output
  }
}]])
end

function test.a_class_derived_in_lua_prints_its_own_name()
  torch.class('test.Fork', 'nn.ConcatTable', classes)
  torch.class('test.Dense', 'nn.Linear', classes)
  local Named = torch.class('test.Named', 'nn.Module', classes)
  function Named:__tostring__() return 'the named one' end

  tester:eq(tostring(classes.Fork():add(nn.Tanh()):add(classes.Named())),
            'test.Fork {\n  input\n    |`-> (1): nn.Tanh\n     `-> (2): the named one\n     ... -> output\n}')
  tester:eq(tostring(classes.Dense(4, 3)), 'test.Dense(4 -> 3)')
end

-------------------------------------------------------------------------------------------------------------- errors
local kWarning = "WARNING: If you see a stack trace below, it doesn't point to the place where this error occurred. " ..
                   'Please use only the one above.'

local function count(text, part)
  local n, at = 0, 1
  while true do
    local first, last = text:find(part, at, true)
    if not first then return n end
    n, at = n + 1, last + 1
  end
end

function test.errors_say_where_in_the_tree_they_happened()
  local m = nn.Sequential():add(nn.Identity()):add(nn.Concat(1):add(nn.Parallel(1, 1):add(classes.Broken())))

  local message = errorOf(m.forward, m, torch.ones(1, 2))

  tester:assert(message:find('\nIn 2 module of nn.Sequential:\nIn 1 module of nn.Concat:\n' ..
                               'In 1 module of nn.Parallel:\n', 1, true) ~= nil, message)
  tester:assert(message:find('out of order', 1, true) ~= nil, message)
  tester:eq(count(message, 'stack traceback:'), 1)
  tester:eq(message:sub(-#kWarning), kWarning)
end

function test.native_errors_have_the_same_format()
  local m = nn.Sequential():add(nn.Linear(4, 3))

  local message = errorOf(m.forward, m, torch.ones(2, 5))

  tester:assert(message:find('\nIn 1 module of nn.Sequential:\n', 1, true) ~= nil, message)
  tester:assert(message:find('size mismatch, m1: [2 x 5], m2: [4 x 3]', 1, true) ~= nil, message)
end

function test.every_container_says_where()
  local x = torch.ones(1, 2)
  for name, m in pairs {
    ['nn.Sequential'] = nn.Sequential(), ['nn.Concat'] = nn.Concat(1), ['nn.ConcatTable'] = nn.ConcatTable(),
    ['nn.Parallel'] = nn.Parallel(1, 1), ['nn.MapTable'] = nn.MapTable(), ['nn.ParallelTable'] = nn.ParallelTable(),
    ['test.First'] = classes.First(),
  } do
    m:add(classes.Broken())
    local input = name:find('Table') and name ~= 'nn.ConcatTable' and {x} or x
    tester:assert(errorOf(m.forward, m, input):find('\nIn 1 module of ' .. name .. ':\n', 1, true) ~= nil, name)
  end
end

function test.containers_in_lua_and_in_cpp_read_each_others_errors()
  local inner = classes.First():add(nn.Sequential():add(classes.First():add(classes.Broken())))
  local m = nn.Sequential():add(inner)

  local forward = errorOf(m.forward, m, torch.ones(2))
  local backward = errorOf(m.updateGradInput, m, torch.ones(2), torch.ones(2))

  for _, message in ipairs {forward, backward} do
    local line = 'In 1 module of nn.Sequential:\nIn 1 module of test.First:\n'
    tester:assert(message:find('\n' .. line .. line, 1, true) ~= nil, message)
    tester:eq(count(message, kWarning), 1)
    tester:eq(count(message, 'stack traceback:'), 1)
  end
  tester:assert(backward:find('gradient out of order', 1, true) ~= nil, backward)
end

function test.rethrowErrors_checks_how_it_is_used()
  local m = classes.First():add(nn.Tanh())
  tester:assertErrorPattern(function() m:rethrowErrors(nn.Tanh(), 1, 'updateOutput', torch.ones(1)) end,
                            'mismatch between moduleIndex and self.modules in rethrowErrors')
  local Two = torch.class('test.Two', 'nn.Module', classes)
  function Two:updateOutput(x) return x, x end
  for _, two in ipairs {classes.First(), nn.Sequential(), nn.Concat(1), nn.ConcatTable()} do
    two:add(classes.Two())
    tester:assertErrorPattern(function() two:forward(torch.ones(1)) end,
                              'rethrowErrors supports only one return argument')
  end
end

function test.a_container_works_after_an_error()
  local m = nn.Sequential():add(nn.Linear(4, 3)):add(nn.Tanh())
  for _ = 1, 50 do pcall(m.forward, m, torch.ones(2, 5)) end

  tester:eq(m:forward(torch.ones(2, 4)):size():totable(), {2, 3})
end

tester:add(test):run()
