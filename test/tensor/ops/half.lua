-- Half and bfloat16 are ordinary types: every operation of float exists for them and gives what float gives on the
-- same numbers, rounded. The table of operations says what there is; an operation added to it is tested here too.
local tester = torch.Tester()
local tests = torch.TestSuite()

local help = require('cresset.torch').help
local kTypes = {'torch.HalfTensor', 'torch.BFloat16Tensor'}

local ops = {}
for name in pairs(torch.getmetatable('torch.FloatTensor').torch) do ops[#ops + 1] = name end
for _, name in ipairs {'index', 'indexAdd', 'indexCopy', 'indexFill', 'maskedCopy', 'maskedFill', 'maskedSelect'} do
  ops[#ops + 1] = name
end
table.sort(ops)

-- The ways to call an operation with float: {form, kinds of its arguments}.
local function overloads(name)
  local list = {}
  for line in help(name):gmatch('[^\n]+') do
    local form, arguments, types = line:match('^  (%w+)[.:]' .. name .. '  (.-)%s+%(([%w+]+)%)$')
    types = types and '+' .. types .. '+'
    if form and types:find('+float+', 1, true) then
      -- Only LAPACK, and what refuses every floating type, goes without half.
      local half = types:find('+half+', 1, true)
      if not half then tester:assert(name:find '^c?bit' ~= nil or torch.FloatTensor[name] == nil, line) end
      local kinds = {}
      for kind in arguments:gmatch('%S+') do kinds[#kinds + 1] = kind end
      if half then
        list[#list + 1] = {form = form == 'x' and 'method' or 'function', kinds = kinds, types = types, text = line}
      end
    end
  end
  return list
end

-- Numbers that both half types have. All sizes are 3, so that all operands fit each other.
local function numbers(type, dims, seed, positive)
  local x = torch.FloatTensor(torch.LongStorage(dims):fill(3))
  local i = 0
  x:apply(function()
    i = i + 1
    local v = ((i * 7 + seed * 5) % 23 - 11) / 8
    return positive and math.abs(v) + 0.125 or v
  end)
  return x:type(type)
end

local strides = {{3}, {2, 7}, {1, 4, 13}, {1, 4, 13, 40}, {1, 4, 13, 40, 121}}
local function laidOut(x, layout)
  if layout == 'contiguous' then return x end
  local storage = x:type():gsub('Tensor$', 'Storage')
  local sizes, steps = x:size(), torch.LongStorage(strides[x:dim()])
  local room = 1
  for d = 1, #sizes do room = room + (sizes[d] - 1) * steps[d] end
  local y = x.new(torch.getconstructortable(storage)(room), 1, sizes, steps)
  return y:copy(x)
end

-- Arguments for a call in that type. What is the same in every call depends on the position only.
local function argumentsFor(name, overload, type, layout)
  local arguments = {}
  local vectors = name:find '^multinomialAlias' and 1
  local positive = name:find '^multinomial' ~= nil
  local number = 0
  for i, kind in ipairs(overload.kinds) do
    local optional = kind:sub(1, 1) == '['
    local result = kind:find '^%[?>'
    local bare = kind:gsub('^%[', ''):gsub('%]$', ''):gsub('=.*$', ''):gsub('^>', '')
    local value
    if bare == 'num' then
      number = number + 1
      value = number / 4
    elseif bare == 'int' then
      value = name == 'irfft' and 4 or 2
    elseif bare == 'dim' then
      value = 2
    elseif bare == 'bool' then
      value = true
    elseif bare == 'gen' then
      value = nil
    elseif bare == 'size...' then
      value = torch.LongStorage {3, 3}
    elseif bare == '{T,...}' then
      value = {laidOut(numbers(type, 2, i), layout), laidOut(numbers(type, 2, i + 1), layout)}
    elseif bare == 'Long' then
      value = (vectors or name:find '^index') and torch.LongTensor {1, 3, 2}
              or torch.LongTensor {{1, 3, 2}, {2, 1, 3}, {3, 3, 1}}
      if name == 'multinomialAlias_' and result then value = torch.LongTensor(50) end
    elseif bare == 'Byte' then
      value = torch.ByteTensor {{1, 0, 1}, {0, 0, 1}, {1, 0, 0}}
    elseif bare == 'Float' or bare == 'Double' then
      value = torch.Tensor(3, 3):fill(0.5):type('torch.' .. bare .. 'Tensor')
    elseif bare:find '^"' then
      value = nil
    else
      local dims = tonumber(bare:match '^T~(%d)D$') or bare == 'T' and (vectors or 2)
      if not dims then error('no argument for ' .. kind .. ' of ' .. name) end
      if name:find 'fft' and name ~= 'rfft' then  -- complex numbers
        value = laidOut(numbers(type, 3, i, positive):narrow(3, 1, 2):clone(), layout)
      else
        value = laidOut(numbers(type, dims, i, positive), layout)
      end
    end
    -- Results, the generator, and what takes the first argument again are left out where they may be.
    if not (optional and (result or bare == 'gen' or kind:find '=arg1' or value == nil)) then
      arguments[#arguments + 1] = value
    end
  end
  return arguments
end

local function call(name, overload, type, layout)
  local arguments = argumentsFor(name, overload, type, layout)
  local f
  if overload.form == 'method' then
    f = torch.getmetatable(type)[name]
  else
    f = torch.getmetatable(type).torch[name]
  end
  if not f then return {false, 'missing'}, arguments end
  torch.manualSeed(7)
  return {pcall(f, unpack(arguments))}, arguments
end

local function same(got, expected, type)
  if torch.isTensor(expected) then
    if not torch.isTensor(got) then return false end
    if torch.type(expected) == 'torch.FloatTensor' then
      if torch.type(got) ~= type then return false end
      got, expected = got:double(), expected:type(type):double()
    end
    if torch.type(got) ~= torch.type(expected) or got:dim() ~= expected:dim() then return false end
    local a, b = got:totable(), expected:totable()
    local function equal(x, y)
      if _G.type(x) ~= 'table' then return x == y or (x ~= x and y ~= y) end
      if #x ~= #y then return false end
      for k = 1, #x do if not equal(x[k], y[k]) then return false end end
      return true
    end
    return equal(a, b)
  end
  if _G.type(expected) == 'number' then
    return got == expected or (got ~= got and expected ~= expected) or math.abs(got - expected) < 1e-12
  end
  return got == expected
end

for _, layout in ipairs {'contiguous', 'strided'} do
  tests['every_operation_of_float_rounds_to_half_' .. layout] = function()
    local calls = 0
    for _, name in ipairs(ops) do
      for _, overload in ipairs(overloads(name)) do
        -- Without bounds, the integers drawn are those that the type counts by ones.
        local unbounded = name == 'random' and #overload.kinds == 2
        for _, type in ipairs(unbounded and {} or kTypes) do
          local what = name .. ' ' .. overload.text .. ' ' .. type
          local expected, left = call(name, overload, 'torch.FloatTensor', layout)
          local got, right = call(name, overload, type, layout)
          calls = calls + 1
          tester:assert(expected[1], what .. ' with float: ' .. tostring(expected[2]))
          tester:assert(got[1], what .. ': ' .. tostring(got[2]))
          if expected[1] and got[1] then
            tester:eq(#got, #expected)
            for i = 2, #expected do tester:assert(same(got[i], expected[i], type), what .. ' result ' .. i - 1) end
            for i = 1, #left do
              local compared = torch.isTensor(left[i])
              local kept = not compared or same(right[i], left[i], torch.type(right[i]))
              tester:assert(kept, what .. ' argument ' .. i .. ' after it')
            end
          end
        end
      end
    end
    tester:assert(calls > 400, 'only ' .. calls .. ' calls')
  end
end

-- Up to this number a type has every integer, from there on every second one.
local kPrecision = {['torch.HalfTensor'] = 2048, ['torch.BFloat16Tensor'] = 256}

for _, type in ipairs(kTypes) do
  local one = kPrecision[type]
  local short = type:match '%.(%w+)Tensor'

  tests['sums_do_not_stop_growing_' .. short] = function()
    local x = torch.ones(10000, type)
    tester:eq(x:sum(), 10000)
    tester:eq(x:mean(), 1)
    tester:eq(x:dot(x), 10000)
    tester:eq(x:sum(1)[1], torch.FloatTensor {10000}:type(type)[1])
    tester:eq((x:view(100, 100) * x:view(100, 100)):max(), 100)
    tester:eq(x:cumsum(1)[10000], torch.FloatTensor {10000}:type(type)[1])
    tester:eq(x:view(5000, 2):norm(1, 1)[1][2], torch.FloatTensor {5000}:type(type)[1])
  end

  tests['means_and_deviations_need_no_room_for_the_sum_' .. short] = function()
    local x = torch.FloatTensor(1000, 2):fill(60000):type(type)
    local value = x[1][1]
    tester:eq(x:mean(), value)
    tester:eq(x:mean(1)[1][1], value)
    x:narrow(1, 1, 500):mul(-1)
    tester:eq(x:std(1, true)[1][1], value)
    tester:eq(torch.dist(x, x * -1, 1 / 0), 2 * value)
    tester:assertalmosteq(torch.renorm(x, 2, 2, 1000)[1][1], -1000 / math.sqrt(1000), 0.2)
  end

  tests['results_round_to_the_nearest_and_ties_to_even_' .. short] = function()
    local x = torch.FloatTensor {one, one + 2, one + 4}:type(type)
    tester:eq((x + 1):totable(), {one, one + 4, one + 4})
    tester:eq((x + 1.01):totable(), {one + 2, one + 4, one + 6})
    tester:eq((x * -1 - 1):totable(), {-one, -one - 4, -one - 4})
    -- A factor that the type would round to 1 is not rounded before it is used.
    tester:eq(torch.FloatTensor {1.5 * one - 2}:type(type):mul(1 + 0.875 / one):totable(), {1.5 * one})
  end

  tests['nan_and_infinity_pass_' .. short] = function()
    local inf, nan = 1 / 0, 0 / 0
    local x = torch.FloatTensor {inf, -inf, nan, 3}:type(type)
    local y = x + 1
    tester:eq({y[1], y[2], y[4]}, {inf, -inf, 4})
    tester:assert(y[3] ~= y[3], 'NaN + 1')
    tester:assert(x:max() ~= x:max(), 'the maximum of NaN')
    tester:assert(x:sum() ~= x:sum(), 'inf - inf')
    tester:eq(torch.exp(x)[2], 0)
    tester:eq(x:ne(x):totable(), {0, 0, 1, 0})
    tester:eq(torch.FloatTensor {1e38}:type(type):mul(1e38):totable(), {inf})
    tester:eq(select(2, x:sort()):totable(), {2, 4, 1, 3})
  end

  tests['operators_and_callbacks_' .. short] = function()
    local x, y = torch.FloatTensor {1, 2, 3}:type(type), torch.FloatTensor {4, 5, 6}:type(type)
    tester:eq((x + y):totable(), {5, 7, 9})
    tester:eq((y - x):totable(), {3, 3, 3})
    tester:eq((1 - x):totable(), {0, -1, -2})
    tester:eq((-x):totable(), {-1, -2, -3})
    tester:eq((y / 2):totable(), {2, 2.5, 3})
    tester:eq((y % 4):totable(), {0, 1, 2})
    tester:eq(x * y, 32)
    tester:eq(x:clone():apply(function(v) return v * v end):totable(), {1, 4, 9})
    tester:eq(x:clone():map(y, function(a, b) return a + b end):totable(), {5, 7, 9})
    tester:eq(y[y:gt(4)]:totable(), {5, 6})
    tester:eq(torch.type(x + y), type)
    tester:eq(x:fill(7):sum(), 21)
  end

  tests['large_tensors_agree_with_float_on_all_threads_' .. short] = function()
    local n = 300007
    local x = torch.FloatTensor(n):uniform(-4, 4):type(type)
    local f = x:float()
    tester:eq((torch.exp(x):float() - torch.exp(f):type(type):float()):abs():max(), 0)
    tester:eq((torch.add(x, 2, x):float() - torch.add(f, 2, f):type(type):float()):abs():max(), 0)
    tester:eq(x:gt(1):ne(f:gt(1)):sum(), 0)
    tester:eq(x:max(), f:max())
    tester:eq(x:min(), f:min())
    tester:assertalmosteq(x:sum(), f:sum(), 1e-6)
    tester:assertalmosteq(x:norm(), f:norm(), 1e-6)
    local indices = torch.LongTensor(n):random(3)
    local bins, expected = torch.zeros(3, type), torch.zeros(3, 'torch.FloatTensor')
    bins:indexAdd(1, indices, x)
    expected:indexAdd(1, indices, f)
    tester:eq(bins:totable(), expected:type(type):totable())
  end
end

function tests.errors_name_the_type()
  local x = torch.ones(2, 'torch.HalfTensor')
  tester:assertErrorPattern(function() x:add(torch.ones(2)) end, 'HalfTensor.*DoubleTensor')
  tester:assertErrorPattern(function() torch.bitand(x, 1) end, 'torch.HalfTensor does not implement the torch.bitand')
  tester:assertErrorPattern(function() x:cmul(torch.ones(3, 'torch.HalfTensor')) end, 'torch.HalfTensor %[3%]')
end

tester:add(tests):run()
