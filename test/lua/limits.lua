-- Sizes and counts that no machine has, negative ones, and divisions by zero: each is an error, none a crash.
local tester = torch.Tester()
local test = torch.TestSuite()

local huge = {'2^55+8', '2^62', '2^63', '2^64', '1e300', 'math.huge'}

-- Every text is an expression with N for a number; all must fail.
local function allFail(texts, numbers)
  for _, text in ipairs(texts) do
    for _, number in ipairs(numbers) do
      local code = text:gsub('N', '(' .. number .. ')')
      local good, message = pcall(assert(loadstring('return ' .. code)))
      tester:assert(not good and type(message) == 'string', code .. ' gave ' .. tostring(message))
    end
  end
end

function test.tensors_and_storages_of_huge_sizes()
  allFail({
    'torch.Tensor(N)', 'torch.CharTensor(N)', 'torch.LongTensor(N, 2)', 'torch.ByteTensor(2, N)',
    'torch.FloatTensor(2, N, N)', 'torch.DoubleStorage(N)', 'torch.Storage(4):resize(N)', 'torch.zeros(N)',
    'torch.ones(2, N)', 'torch.rand(N)', 'torch.randn(N, 3)', 'torch.eye(N)', 'torch.eye(3, N)', 'torch.randperm(N)',
    'torch.range(1, N)', 'torch.range(N, 1)', 'torch.range(1, N, 1e-300)', 'torch.linspace(0, 1, N)',
    'torch.logspace(0, 1, N)', 'torch.Tensor(3):resize(N)', 'torch.Tensor(3):resize(2, N)',
    'torch.Tensor(torch.Storage(3), 1, N)', 'torch.Tensor(torch.Storage(3), N, 1)',
    'torch.Tensor(torch.Storage(3), 1, 2, N)',
  }, huge)
end

function test.sizes_whose_product_overflows()
  allFail({
    'torch.Tensor(2^32, 2^32)', 'torch.CharTensor(2^16, 2^16, 2^16, 2^16)', 'torch.Tensor(torch.LongStorage {2^62, 4})',
    'torch.Tensor(3):resize(2^32, 2^32)', 'torch.zeros(2^31, 2^31, 4)', 'torch.Tensor(1, 1):expand(2^32, 2^32)',
    'torch.Tensor(1):expand(2^62)', 'torch.Tensor(torch.Storage(1), 1, 2^40, 0, 2^40, 0)',
    'torch.Tensor(3):repeatTensor(2^62)', 'torch.rand(2, 2):repeatTensor(2^31, 2^31)',
    'torch.Tensor(6):view(2^33, 2^31)', 'torch.Tensor(6):view(-2, -3)', 'torch.Tensor(6):reshape(2^62, 8)',
    'torch.Tensor(6):reshape(-2, -3)',
    'torch.Tensor(1):expand(2^50):repeatTensor(2^30)', 'torch.Tensor(1):expand(2^54):clone()',
    'torch.ger(torch.Tensor(1):expand(2^32), torch.Tensor(1):expand(2^32))',
    'torch.mm(torch.Tensor(1, 1):expand(2^32, 1), torch.Tensor(1, 1):expand(1, 2^32))',
    'torch.Tensor(1, 1):expand(2^54, 1) + torch.Tensor(1, 1):expand(1, 2^54)',
    'torch.diag(torch.Tensor(1):expand(2^32))',
    'torch.cat(torch.Tensor(1):expand(2^54), torch.Tensor(1):expand(2^54))',
    'torch.Tensor(torch.LongStorage(100):fill(1))', 'torch.zeros(torch.LongStorage(2^31 + 1))',
  }, {'0'})
end

function test.counts_and_positions_that_are_absurd()
  allFail({
    'torch.Tensor(6):narrow(1, 1, N)', 'torch.Tensor(6):narrow(1, N, 1)', 'torch.Tensor(6):narrow(N, 1, 1)',
    'torch.Tensor(6):select(1, N)', 'torch.Tensor(6):unfold(1, N, 1)', 'torch.Tensor(6)[N]', 'torch.Tensor(6)[{N}]',
    'torch.Tensor(6)[{{N}}]', 'torch.Tensor(6)[{{1, N}}]', 'torch.Tensor(2, 6)[{N, 1}]', 'torch.rand(5):topk(N)',
    'torch.rand(5):kthvalue(N)', 'torch.rand(3):sum(N)', 'torch.rand(3):sort(N)', 'torch.rand(3):squeeze(N)',
    'torch.rand(3, 3):transpose(N, 1)', 'torch.rand(3, 3):mode(N)', 'torch.rand(3, 3):cumsum(N)',
    'torch.rand(3):index(1, torch.LongTensor {N})', 'torch.rand(3):gather(1, torch.LongTensor {N})',
    'torch.rand(3):scatter(1, torch.LongTensor {N}, 1)', 'torch.rand(4):permute(N)', 'torch.LongStorage {1, 2, 3}[N]',
    'torch.MemoryFile():seek(N)', 'torch.histc(torch.rand(5), N)', 'torch.multinomial(torch.rand(5), N, true)',
  }, {'2^40 * 2^15', '2^62', '2^63', 'math.huge', '0 / 0', '0', '-2^40', '-2^63', '-math.huge'})
end

-- The elements at the start of the call are gone through, whatever the function does to the tensors.
function test.what_apply_and_map_call_may_change_the_tensors()
  local x, y = torch.range(1, 1000), torch.range(1, 1000)
  x:map(y, function(a, b)
    y:set()
    return a + b
  end)
  tester:eq(x[1000], 2000)

  local seen, small = 0, torch.DoubleStorage(1)
  x:apply(function(v)
    x:set(small)
    seen = seen + v
  end)
  tester:eq(seen, 1001000)
  x:resize(10):apply(function()
    x:resize(4, 1000)
    return 7
  end)
  tester:eq(x:storage()[10], 7)
end

function test.negative_and_zero_counts()
  allFail({
    'torch.Storage(N)', 'torch.randperm(N)', 'torch.eye(N)', 'torch.linspace(1, 2, N)',
    'torch.Tensor(3, 1):expand(3, N)',
    'torch.rand(5):topk(N)', 'torch.Tensor(6):unfold(1, N, 1)', 'torch.Tensor(6):unfold(1, 1, N)',
    'torch.rand(6):split(N)', 'torch.rand(6):chunk(N)', 'torch.Tensor(3):repeatTensor(N)', 'torch.rand(5):histc(N)',
  }, {'-1', '-2^40', '-2^63'})
  allFail({
    'torch.range(1, 10, N)', 'torch.rand(6):split(N)', 'torch.rand(6):chunk(N)', 'torch.Tensor(3, 1):expand(3, N)',
    'torch.Tensor(6):unfold(1, 1, N)', 'torch.rand(3)[N]',
  }, {'0'})
end

-- A divisor is zero as the element type sees it, too.
function test.integer_divisions_by_zero()
  for _, type_ in ipairs {'Byte', 'Char', 'Short', 'Int', 'Long'} do
    local numbers = {'0', '0.5', '-0.9', '2^64', '0 / 0', 'math.huge'}
    if type_ ~= 'Long' then numbers[#numbers + 1] = '2^32' end
    if type_ == 'Byte' or type_ == 'Char' then numbers[#numbers + 1] = '256' end
    local texts = {}
    for _, text in ipairs {':div(N)', ':fmod(N)', ':mod(N)', ':remainder(N)', ' / N', ' % N', ':cdiv(Y)', ':cmod(Y)',
                           ':cfmod(Y)', ':cremainder(Y)', ':addcdiv(1, Y, Y)'} do
      local x = 'torch.' .. type_ .. 'Tensor'
      texts[#texts + 1] = x .. ' {5, 6}' .. text:gsub('Y', x .. ' {1, 0}')
    end
    allFail(texts, numbers)
  end
end

function test.the_smallest_integer_over_minus_one_is_no_crash()
  for type_, least in pairs {Int = -2 ^ 31, Long = -2 ^ 63} do
    local new = torch[type_ .. 'Tensor']
    local x, y = new {least}, new {-1}
    for _, name in ipairs {'cdiv', 'cmod', 'cfmod', 'cremainder'} do x:clone()[name](x:clone(), y) end
    for _, name in ipairs {'div', 'fmod', 'mod', 'remainder'} do x:clone()[name](x:clone(), -1) end
    tester:eq(x:clone():remainder(-1)[1], 0)
  end
end

function test.what_is_empty_has_no_elements_to_pick()
  allFail({
    'torch.Tensor()[1]', 'torch.Tensor()[{1}]', 'torch.Tensor()[torch.LongStorage()]',
    'torch.Tensor()[{torch.LongTensor()}]', 'torch.rand(3)[torch.LongStorage()]', 'torch.rand(3)[{torch.LongTensor()}]',
    'torch.rand(3):index(1, torch.LongTensor())', 'torch.rand(3):gather(1, torch.LongTensor())',
    'torch.rand(3):indexFill(1, torch.LongTensor(), 1)',
    'torch.Tensor():max()', 'torch.Tensor():sort(2)', 'torch.multinomial(torch.Tensor(), 1)',
    'torch.Tensor():expand(3)',
  }, {'0'})
end

tester:add(test):run()
