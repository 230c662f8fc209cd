-- Examples of torch.md that no other test has, value by value.
local tester = torch.Tester()
local tests = torch.TestSuite()

local function list(x) return x:totable() end

-- Section 2.1.
function tests.a_call_that_fits_nothing_lists_what_would_fit()
  local _, message = pcall(torch.add, 1, 2)
  local sets = '[*DoubleTensor*] DoubleTensor double | [*DoubleTensor*] DoubleTensor [double] DoubleTensor'
  tester:eq((message:gsub('^%S+:%d+: ', '')),
            'invalid arguments: number number \nexpected arguments: ' .. sets .. '\nin torch.add')
end

-- Section 2.2.
function tests.the_type_of_a_function_is_that_of_its_tensors_or_a_name()
  tester:eq(torch.zeros(2, 3, 'torch.IntTensor'):type(), 'torch.IntTensor')
  tester:assert(not pcall(torch.lt, torch.ByteTensor(), torch.Tensor(2), 2))
  tester:eq(list(torch.Tensor.lt(torch.ByteTensor(), torch.Tensor {1, 3}, 2)), {1, 0})
  tester:assert(not pcall(torch.multinomial, torch.LongTensor(), torch.Tensor {1}, 1))
end

-- Section 2.3.
function tests.numbers_convert_to_elements()
  tester:eq(list(torch.ByteTensor {300, -1, 1.9}), {44, 255, 1})
  tester:eq(list(torch.CharTensor {200}), {-56})
  tester:eq(list(torch.IntTensor {'0x10', '5.7'}), {16, 5})
  local x = torch.IntTensor(1)
  x[1] = '0x10'
  tester:eq(x[1], 16)
  tester:eq(torch.Tensor {7, 8}[1.7], 7)
  tester:eq(list(torch.Tensor(2.7):size()), {2})
  tester:eq(list(torch.IntTensor {7}:div(2.5)), {3})
end

-- Section 20.
function tests.reductions_may_get_their_results()
  local x = torch.Tensor {{1, 5}, {4, 3}}
  tester:eq(list(torch.ones(2, 3):sum(1):size()), {1, 3})
  local values, indices = x:max(2)
  tester:eq({list(values:size()), list(indices:size())}, {{2, 1}, {2, 1}})
  torch.max(values, indices, x, 1)
  tester:eq({list(values), list(indices)}, {{{4, 5}}, {{2, 1}}})
  torch.max(values, x, 2)
  tester:eq(list(values), {{5}, {4}})
  x.max(indices, x, 2)
  tester:eq(list(indices), {{2}, {1}})
end

-- Section 26.1.
function tests.seeded_numbers()
  torch.manualSeed(0)
  tester:eq({torch.random(), torch.random()}, {2357136044, 2546248239})
  torch.manualSeed(123)
  tester:eq(('%.14g'):format(torch.uniform()), '0.69646918727085')
end

tester:add(tests)
tester:run()
