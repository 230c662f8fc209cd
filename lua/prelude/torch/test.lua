-- torch.test([names]): a short self test of the installed program: whether memory, arithmetic, random numbers, files
-- and threads work on this machine. Names are as in torch.Tester's run; raises an error when a test fails. Returns the
-- tester.
local torch = require 'torch'

local kTypes = {'torch.ByteTensor', 'torch.CharTensor', 'torch.ShortTensor', 'torch.IntTensor', 'torch.LongTensor',
                'torch.FloatTensor', 'torch.DoubleTensor'}

return function(names)
  local tester, test = torch.Tester(), torch.TestSuite()

  function test.views_share_memory()
    local x = torch.zeros(3, 4)

    x:t():select(1, 2):fill(5)

    tester:eq(x[{{}, 2}]:sum(), 15)
    tester:eq(x:sum(), 15)
  end

  function test.arithmetic_of_every_type()
    for _, type in ipairs(kTypes) do
      local x = torch.range(1, 5):type(type)
      tester:eq(torch.cmul(x, x):sum(), 55, type)
      tester:eq((x * 2 + x):max(), 15, type)
    end
  end

  function test.long_vectors_and_their_tails()
    for _, n in ipairs{1, 7, 64, 1001} do
      local x = torch.range(1, n):div(n)
      local y = torch.exp(x)
      for i = 1, n do tester:assertalmosteq(y[i], math.exp(x[i]), 1e-14) end
      tester:assertalmosteq(x:sum(), (n + 1) / 2, 1e-9)
    end
  end

  function test.matrix_product_is_the_sum_of_products()
    local a, b = torch.rand(17, 23), torch.rand(23, 13)
    local c = torch.mm(a, b)
    for i = 1, 17 do
      for j = 1, 13 do
        local sum = 0
        for k = 1, 23 do sum = sum + a[i][k] * b[k][j] end
        tester:assertalmosteq(c[i][j], sum, 1e-12)
      end
    end
  end

  function test.sort_orders_and_tells_where_from()
    local x = torch.randn(500)
    local sorted, indices = torch.sort(x)
    for i = 2, 500 do tester:assertle(sorted[i - 1], sorted[i]) end
    tester:eq(x:index(1, indices), sorted)
  end

  function test.a_seed_gives_the_same_numbers_everywhere()
    local generator = torch.Generator()
    torch.manualSeed(generator, 123)
    tester:eq(torch.random(generator), 2991312382)
    tester:eq(torch.random(generator), 3062119789)
  end

  function test.saved_values_come_back()
    local t = {1.5, 'text', {true}, x = torch.rand(3, 2):float():t()}
    t.self = t
    for _, mode in ipairs{'binary', 'ascii'} do
      local read = torch.deserialize(torch.serialize(t, mode), mode)
      tester:eq(read[3], t[3])
      tester:eq(read.x, t.x)
      tester:assert(rawequal(read.self, read))
    end
  end

  function test.threads_agree_with_one_thread()
    local threads = torch.getnumthreads()
    local x = torch.range(1, 300000)
    local many = torch.sqrt(x)
    torch.setnumthreads(1)
    local one = torch.sqrt(x)
    torch.setnumthreads(threads)
    tester:eq(many, one)
  end

  tester:add(test):run(names)
  return tester
end
