-- nn.utils: operations over nested tables of tensors.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()
local utils = nn.utils

function test.recursiveType_converts_nested_tensors_in_place()
  local inner = {torch.Tensor{1}, name = 'x', 5}
  local t = {torch.Tensor{2}, {inner}}

  local result = utils.recursiveType(t, 'torch.FloatTensor')

  tester:assert(rawequal(result, t) and rawequal(result[2][1], inner))
  tester:eq(t[1], torch.FloatTensor{2})
  tester:eq(inner[1], torch.FloatTensor{1})
  tester:eq({inner.name, inner[2]}, {'x', 5})
end

function test.recursiveType_gives_the_same_tensor_when_it_has_the_type()
  local x = torch.Tensor{1}
  tester:assert(rawequal(utils.recursiveType(x, 'torch.DoubleTensor'), x))
end

function test.recursiveType_keeps_overlapping_views()
  local base = torch.range(1, 10)
  local t = {base:narrow(1, 1, 6), base:narrow(1, 4, 6), base:view(2, 5):t()}

  utils.recursiveType(t, 'torch.FloatTensor')
  t[1]:fill(0)

  tester:eq(t[2], torch.FloatTensor{0, 0, 0, 7, 8, 9})
  tester:eq(t[3][1], torch.FloatTensor{0, 0})
  tester:eq(t[3]:stride():totable(), {1, 5})
end

function test.recursiveType_converts_one_tensor_once()
  local x = torch.Tensor{1, 2}
  local t = {x, {x}}

  utils.recursiveType(t, 'torch.FloatTensor')

  tester:eq(torch.pointer(t[1]), torch.pointer(t[2][1]))
end

function test.recursiveType_of_an_empty_tensor_is_empty()
  local x = utils.recursiveType(torch.Tensor(), 'torch.IntTensor')
  tester:eq({x:type(), x:nElement()}, {'torch.IntTensor', 0})
end

function test.recursiveType_calls_the_type_method_of_modules()
  local called
  local m = nn.Tanh()
  m.type = function(self, type)
    called = type
    return self
  end

  local t = utils.recursiveType({m, criterion = nn.MSECriterion()}, 'torch.FloatTensor')

  tester:eq(called, 'torch.FloatTensor')
  tester:eq(t.criterion.gradInput:type(), 'torch.FloatTensor')
end

function test.recursiveType_keeps_sharing_when_the_originals_are_collected()
  -- Addresses of freed tensors and storages come back: the cache must not take them for others.
  local cache = {}
  for i = 1, 200 do
    local x = torch.Tensor(3):fill(i)
    local converted = utils.recursiveType({x}, 'torch.FloatTensor', cache)[1]
    tester:eq(converted, torch.FloatTensor(3):fill(i))
    if i % 20 == 0 then collectgarbage() end
  end
end

function test.recursiveResizeAs_takes_over_nesting_and_sizes()
  local t1 = {torch.Tensor(1), torch.Tensor(9), extra = torch.Tensor(1)}
  local t2 = {torch.Tensor(2, 3), {torch.FloatTensor(4)}}

  local a, b = utils.recursiveResizeAs(t1, t2)

  tester:assert(rawequal(a, t1) and rawequal(b, t2))
  tester:eq(a[1]:size():totable(), {2, 3})
  tester:eq(a[2][2], nil)
  tester:eq(a[2][1]:size():totable(), {4})
  tester:eq(a.extra, nil)
  tester:eq(utils.recursiveResizeAs(nil, torch.FloatTensor(3)):type(), 'torch.FloatTensor')
  tester:assertErrorPattern(function() utils.recursiveResizeAs(torch.Tensor(), 3) end,
                            'expecting nested tensors or tables. Got torch.DoubleTensor and number instead')
end

function test.recursiveFill_fills_everything()
  local t = {torch.Tensor(2), {torch.Tensor(3)}}
  tester:assert(rawequal(utils.recursiveFill(t, 4), t))
  tester:eq(t, {torch.Tensor{4, 4}, {torch.Tensor{4, 4, 4}}})
  tester:assertErrorPattern(function() utils.recursiveFill({'x'}, 4) end, 'expecting tensor or table thereof')
end

function test.recursiveAdd_adds_with_and_without_a_factor()
  local t1 = {torch.Tensor{1}, {torch.Tensor{2}}}
  local t2 = {torch.Tensor{10}, {torch.Tensor{20}}}

  tester:assert(rawequal(utils.recursiveAdd(t1, t2), t1))
  tester:eq(t1, {torch.Tensor{11}, {torch.Tensor{22}}})
  utils.recursiveAdd(t1, 0.5, t2)
  tester:eq(t1, {torch.Tensor{16}, {torch.Tensor{32}}})
  tester:assertErrorPattern(function() utils.recursiveAdd({torch.Tensor()}, torch.Tensor()) end,
                            'expecting nested tensors or tables')
end

function test.recursiveCopy_copies_nesting_and_values()
  local t2 = {torch.Tensor{1, 2}, {torch.Tensor{3}}}

  local t1 = utils.recursiveCopy(nil, t2)
  t2[1]:zero()

  tester:eq(t1, {torch.Tensor{1, 2}, {torch.Tensor{3}}})
  tester:eq(utils.recursiveCopy(torch.FloatTensor(), torch.Tensor{5}), torch.FloatTensor{5})
end

function test.addSingletonDimension_gives_a_view()
  local x = torch.range(1, 6):view(2, 3)

  tester:eq(utils.addSingletonDimension(x):size():totable(), {1, 2, 3})
  tester:eq(utils.addSingletonDimension(x, 2):size():totable(), {2, 1, 3})
  local last = utils.addSingletonDimension(x, 3)
  tester:eq({last:size():totable(), last:stride(3)}, {{2, 3, 1}, 1})
  last:zero()
  tester:eq(x:sum(), 0)

  local view = torch.Tensor()
  tester:assert(rawequal(utils.addSingletonDimension(view, x, 1), view))
  tester:eq(view:size():totable(), {1, 2, 3})
  tester:assertErrorPattern(function() utils.addSingletonDimension(x, 4) end, 'invalid dimension: 4')
  tester:assertErrorPattern(function() utils.addSingletonDimension(x, 0) end, 'invalid dimension: 0')
end

function test.contiguousView_copies_only_when_it_must()
  local x = torch.range(1, 6):view(2, 3)

  local view = utils.contiguousView(nil, x, 6)
  tester:eq(torch.pointer(view:storage()), torch.pointer(x:storage()))

  local copy = utils.contiguousView(torch.Tensor(), x:t(), -1)
  tester:eq(copy, torch.Tensor{1, 4, 2, 5, 3, 6})
  tester:ne(torch.pointer(copy:storage()), torch.pointer(x:storage()))
end

function test.clear_empties_each_kind_of_field()
  local x = torch.ones(3)
  local m = {tensor = x, list = {1, 2}, number = 3, kept = 4}

  tester:assert(rawequal(utils.clear(m, 'tensor', 'list', 'number', 'absent'), m))

  tester:assert(rawequal(m.tensor, x))
  tester:eq(x:nElement(), 0)
  tester:eq({m.list, m.number, m.kept}, {{}, nil, 4})
  utils.clear(m, {'kept'})
  tester:eq(m.kept, nil)
end

tester:add(test):run()
