-- Torch7's random streams as scripts see them (contract: torch.md, section 26.3), and alias tables.
local tester = torch.Tester()
local tests = torch.TestSuite()

local function draws(n, f)
  torch.manualSeed(123)
  local values = {}
  for i = 1, n do values[i] = f() end
  return values
end

local function near(got, expected, tolerance)
  tester:eq(#got, #expected)
  for i = 1, #expected do tester:assertalmosteq(got[i], expected[i], tolerance or 1e-13) end
end

function tests.numbers_are_those_of_torch7()
  near(draws(3, torch.random), {2991312382, 3062119789, 1228959102})
  near(draws(6, function() return torch.random(10) end), {3, 10, 3, 1, 1, 3})
  near(draws(6, function() return torch.random(5, 9) end), {7, 9, 7, 5, 5, 7})
  near(draws(3, torch.uniform), {0.69646918727085, 0.712955321418121, 0.286139338742942})
  near(draws(4, torch.normal), {-0.521443062712442, -1.49141943598154, -0.238129533168134, 1.03061834332728})
  near(draws(2, function() return torch.exponential(2) end), {0.596136074496432, 0.624058700418607})
  near(draws(2, torch.cauchy), {0.709729693025559, 0.790658467342774})
  near(draws(2, function() return torch.logNormal(0, 1) end), {0.593663236261692, 0.22505298041577})
  near(draws(6, function() return torch.geometric(0.3) end), {1, 2, 1, 1, 1, 1})
  near(draws(8, function() return torch.bernoulli(0.3) end), {0, 0, 1, 0, 1, 0, 0, 0})
end

function tests.tensors_are_filled_in_logical_order()
  local function filled(make)
    torch.manualSeed(123)
    return make():double():contiguous():storage():totable()
  end
  near(filled(function() return torch.randperm(8) end), {7, 3, 2, 4, 5, 8, 1, 6})
  near(filled(function() return torch.rand(3) end), {0.69646918727085, 0.712955321418121, 0.286139338742942})
  near(filled(function() return torch.rand(3, 'torch.FloatTensor') end),
       {0.696469187736511, 0.712955296039581, 0.286139339208603})
  near(filled(function() return torch.IntTensor(4):random(100) end), {83, 90, 3, 11})
  near(filled(function() return torch.ByteTensor(4):random() end), {254, 109, 126, 66})
  near(filled(function() return torch.Tensor(2, 3):t():uniform() end),
       {0.69646918727085, 0.712955321418121, 0.286139338742942, 0.428470924962312, 0.226851454935968, 0.690884851384908})
  near(filled(function() return torch.multinomial(torch.Tensor {1, 2, 3, 4}, 6, true) end), {4, 4, 2, 3, 2, 4})
  near(filled(function() return torch.multinomial(torch.Tensor {1, 2, 3, 4}, 4) end), {4, 3, 1, 2})
end

function tests.state_continues_the_stream()
  torch.manualSeed(5)
  torch.normal()
  local state = torch.getRNGState()
  local expected = {torch.normal(), torch.random(), torch.normal()}

  torch.setRNGState(state)

  tester:eq({torch.normal(), torch.random(), torch.normal()}, expected)
end

function tests.a_seed_is_an_integer()
  torch.manualSeed(-1)
  local expected = torch.random()
  torch.manualSeed(2 ^ 32 - 1)
  tester:eq(torch.random(), expected)
  for _, seed in ipairs {0 / 0, 1 / 0, -1e19, 2e19} do
    tester:assertErrorPattern(function() torch.manualSeed(seed) end, 'manualSeed: argument 1: expected an integer')
  end
  tester:assertErrorPattern(function() torch.manualSeed(-(0 / 0)) end, 'expected an integer, got nan')
end

function tests.alias_table_draws_each_category_by_its_probability()
  torch.manualSeed(1)
  local state = torch.multinomialAliasSetup(torch.Tensor {1, 2, 3, 4})
  local before = state[1]:clone()

  local drawn = torch.multinomialAlias(torch.LongTensor(20000), state)

  for k = 1, 4 do tester:assertalmosteq(drawn:eq(k):sum() / 20000, k / 10, 0.015) end
  tester:eq(state[1], before)
end

tester:add(tests)
tester:run()
