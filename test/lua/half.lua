-- The arithmetic that Torch7 has on torch.HalfTensor, and torch.test.
local tester = torch.Tester()
local test = torch.TestSuite()

local function half(t) return torch.Tensor(t):half() end

function test.difference()
  tester:eq(half{3, 2} - half{1, 5}, half{2, -3})
  tester:eq(half{3, 2} - 1, half{2, 1})
  tester:eq(1 - half{3, 2}, half{-2, -1})
end

function test.abs_and_add_are_in_place()
  local x = half{{-1, 2}, {3, -4}}
  tester:assert(torch.isequal(x:abs(), x))
  tester:eq(x, half{{1, 2}, {3, 4}})
  x:add(half{{1, 1}, {1, 1}}):add(1)
  tester:eq(x, half{{3, 4}, {5, 6}})
end

function test.max_and_mean()
  local x = half{{1, 2}, {3, 6}}
  tester:eq(x:max(), 6)
  tester:eq(x:mean(), 3)
  tester:eq(x:mean(1), half{{2, 4}})
end

function test.self_test_returns_its_tester()
  local selfTest = torch.test 'views_share_memory'
  tester:eq(torch.type(selfTest), 'torch.Tester')
  tester:eq(selfTest.countasserts, 2)
end

tester:add(test):run()
