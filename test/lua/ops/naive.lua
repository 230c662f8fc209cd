-- Operations against loops in Lua, in every element type they take, on strided tensors.
local ops = paths.dofile('harness.lua')
local bit = require 'bit'

local tester = torch.Tester()
local tests = torch.TestSuite()

local opNamed = {}
for _, op in ipairs(ops.table()) do opNamed[op.name] = op end

local isFloating = {Half = true, BFloat16 = true, Float = true, Double = true}
local function trunc(v) return v < 0 and math.ceil(v) or math.floor(v) end
local function round(v) return v < 0 and math.ceil(v - 0.5) or math.floor(v + 0.5) end
local function floorMod(x, y) return x - y * math.floor(x / y) end

-- The number as an element of the type: truncated and wrapped, or rounded.
local function stored(type, v) return torch[type .. 'Tensor'] {v}[1] end

local kTolerance = {Half = 1e-2, BFloat16 = 4e-2, Float = 1e-5, Double = 1e-12}
local function isClose(type, a, b)
  if a == b or (a ~= a and b ~= b) then return true end
  return math.abs(a - b) <= (kTolerance[type] or 0) * math.max(1, math.abs(b))
end

-- The types of an operation that computes; half types have no arithmetic in Torch7.
local function typesOf(name)
  local seen, list = {}, {}
  for _, overload in ipairs(opNamed[name].overloads) do
    for _, type in ipairs(overload.types) do
      if not seen[type] and type ~= 'Half' and type ~= 'BFloat16' then table.insert(list, type) end
      seen[type] = true
    end
  end
  return list
end

-- Every position of a tensor of these sizes.
local function positions(sizes)
  local list, n = {}, 1
  for _, size in ipairs(sizes) do n = n * size end
  for k = 0, n - 1 do
    local at, rest = {}, k
    for d = #sizes, 1, -1 do
      at[d] = rest % sizes[d] + 1
      rest = math.floor(rest / sizes[d])
    end
    table.insert(list, at)
  end
  return list
end

local function get(x, at) return x[torch.LongStorage(at)] end

local function with(at, d, k)
  local copy = {unpack(at)}
  copy[d] = k
  return copy
end

-- Asserts that each element of `got` is wanted(position).
local function check(name, type, got, sizes, wanted)
  tester:eq(got:size():totable(), sizes, name .. ' of ' .. type .. ': sizes')
  for _, at in ipairs(positions(sizes)) do
    local a, b = get(got, at), wanted(at)
    tester:assert(isClose(type, a, b), ('%s of %s: %s at %s instead of %s'):format(name, type, tostring(a),
                                                                                  table.concat(at, ','), tostring(b)))
  end
end

local kShape = {4, 3, 5}
local function strided(type, domain, random, sizes)
  return ops.tensor(type, sizes or kShape, domain, ops.layouts[2 + random(3) - 1], random)
end

-- Pointwise.

local unary = {
  abs = math.abs, acos = math.acos, asin = math.asin, atan = math.atan, ceil = math.ceil, cos = math.cos,
  cosh = math.cosh, exp = math.exp, floor = math.floor, log = math.log, round = round, sin = math.sin,
  sinh = math.sinh, sqrt = math.sqrt, tan = math.tan, tanh = math.tanh, trunc = trunc,
  frac = function(x) return x - trunc(x) end,
  log1p = function(x) return math.log(1 + x) end,
  rsqrt = function(x) return 1 / math.sqrt(x) end,
  sigmoid = function(x) return 1 / (1 + math.exp(-x)) end,
  neg = function(x) return -x end,
  cinv = function(x) return 1 / x end,
  sign = function(x) return x > 0 and 1 or x < 0 and -1 or 0 end,
}

-- f(x, y, isFloating)
-- A function of any number of arguments as one of two.
local function two(f) return function(x, y) return f(x, y) end end
local function divide(x, y, floating) return floating and x / y or trunc(x / y) end
local function shift(x, y) return trunc(x * 2 ^ y) end
local binary = {
  add = function(x, y) return x + y end,
  csub = function(x, y) return x - y end,
  mul = function(x, y) return x * y end,
  div = divide,
  fmod = math.fmod, mod = math.fmod, remainder = floorMod,
  cmax = two(math.max), cmin = two(math.min),
  bitand = two(bit.band), bitor = two(bit.bor), bitxor = two(bit.bxor),
  cmul = function(x, y) return x * y end,
  cdiv = divide,
  cpow = function(x, y) return x ^ y end,
  cfmod = math.fmod, cmod = math.fmod, cremainder = floorMod,
  cbitand = two(bit.band), cbitor = two(bit.bor), cbitxor = two(bit.bxor),
  clshift = function(x, y, floating) return floating and x * 2 ^ y or shift(x, y) end,
  lshift = function(x, y, floating) return floating and x * 2 ^ y or shift(x, y) end,
  crshift = function(x, y, floating) return floating and x / 2 ^ y or shift(x, -y) end,
  rshift = function(x, y, floating) return floating and x / 2 ^ y or shift(x, -y) end,
  atan2 = math.atan2,
  pow = function(x, y) return x ^ y end,
  lt = function(x, y) return x < y and 1 or 0 end,
  le = function(x, y) return x <= y and 1 or 0 end,
  gt = function(x, y) return x > y and 1 or 0 end,
  ge = function(x, y) return x >= y and 1 or 0 end,
  eq = function(x, y) return x == y and 1 or 0 end,
  ne = function(x, y) return x ~= y and 1 or 0 end,
}

function tests.unary_functions()
  local random = ops.random(1)
  for name, f in pairs(unary) do
    for _, type in ipairs(typesOf(name)) do
      local x = strided(type, name:match '^a[cs]' and 'unit' or name:match 'log' and 'positive' or 'any', random)
      check(name, type, torch[name](x), kShape, function(at) return stored(type, f(get(x, at))) end)
    end
    for _, v in ipairs(name ~= 'neg' and name ~= 'cinv' and name ~= 'sign' and {0.25, 1} or {}) do
      tester:assert(isClose('Double', torch[name](v), f(v)), name .. ' of a number')
    end
  end
end

local function takes(name, kinds)
  for _, overload in ipairs(opNamed[name].overloads) do
    if overload.form == 'function' and (overload.text:match('T ' .. kinds .. '$')) then return true end
  end
end

function tests.binary_functions()
  local random = ops.random(2)
  for name, f in pairs(binary) do
    for _, type in ipairs(typesOf(name)) do
      local signed = not name:find 'shift' and not name:find 'pow' and 'any' or 'positive'
      local x, y = strided(type, signed, random), strided(type, 'positive', random)
      local floating = isFloating[type]
      if takes(name, 'T') then
        check(name, type, torch[name](x, y), kShape, function(at)
          return stored(type, f(get(x, at), get(y, at), floating))
        end)
      end
      if takes(name, 'num') then
        check(name, type, torch[name](x, 3), kShape, function(at) return stored(type, f(get(x, at), 3, floating)) end)
      end
    end
  end
end

function tests.ternary_functions()
  local random = ops.random(3)
  for _, type in ipairs(typesOf 'addcmul') do
    local x, y, z = strided(type, 'any', random), strided(type, 'any', random), strided(type, 'positive', random)
    local at3 = function(f) return function(at) return stored(type, f(get(x, at), get(y, at), get(z, at))) end end
    check('addcmul', type, torch.addcmul(x, 2, y, z), kShape, at3(function(a, b, c) return a + 2 * b * c end))
    check('addcdiv', type, torch.addcdiv(x, 2, y, z), kShape, at3(function(a, b, c)
      return a + divide(2 * b, c, isFloating[type])
    end))
    check('add', type, torch.add(x, 2, y), kShape, at3(function(a, b) return a + 2 * b end))
    check('csub', type, torch.csub(x, 2, y), kShape, at3(function(a, b) return a - 2 * b end))
    check('clamp', type, torch.clamp(x, 1, 3), kShape, at3(function(a) return math.min(math.max(a, 1), 3) end))
    if isFloating[type] then
      check('lerp', type, torch.lerp(x, y, 0.25), kShape, at3(function(a, b) return a + 0.25 * (b - a) end))
    end
  end
end

-- Along a dimension.

-- The elements of x along d that pass through a position.
local function line(x, at, d)
  local list = {}
  for k = 1, x:size(d) do list[k] = get(x, with(at, d, k)) end
  return list
end

local function fold(start, f)
  return function(list)
    local v = start or list[1]
    for i = start and 1 or 2, #list do v = f(v, list[i]) end
    return v
  end
end
local sum, prod = fold(0, binary.add), fold(1, binary.mul)
local function mean(list) return sum(list) / #list end
local function variance(list, divisor)
  local m, s = mean(list), 0
  for _, v in ipairs(list) do s = s + (v - m) ^ 2 end
  return s / divisor
end
local reductions = {
  sum = sum, prod = prod, mean = mean, max = fold(nil, math.max), min = fold(nil, math.min),
  var = function(list) return variance(list, #list - 1) end,
  std = function(list) return math.sqrt(variance(list, #list - 1)) end,
}

local function sizesWith(d, n) return with(kShape, d, n) end

function tests.reductions()
  local random = ops.random(4)
  for name, f in pairs(reductions) do
    for _, type in ipairs(typesOf(name)) do
      local x = strided(type, 'any', random)
      local all = {}
      for _, at in ipairs(positions(kShape)) do table.insert(all, get(x, at)) end
      tester:assert(isClose(isFloating[type] and 'Float', x[name](x), f(all)), name .. ' of all of ' .. type)
      for d = 1, 3 do
        local values, indices = torch[name](x, d)
        check(name, type, values, sizesWith(d, 1), function(at) return stored(type, f(line(x, at, d))) end)
        if indices then
          check(name .. ' index', type, indices, sizesWith(d, 1), function(at)
            local wanted = f(line(x, at, d))
            for k, v in ipairs(line(x, at, d)) do
              if v == wanted then return k end
            end
          end)
        end
      end
    end
  end
end

function tests.norms_and_distance()
  local random = ops.random(5)
  for _, type in ipairs(typesOf 'norm') do
    local x, y = strided(type, 'any', random), strided(type, 'any', random)
    local norm = function(list, p)
      local s = 0
      for _, v in ipairs(list) do s = s + (p == 0 and (v ~= 0 and 1 or 0) or math.abs(v) ^ p) end
      return p == 0 and s or s ^ (1 / p)
    end
    for _, p in ipairs {0, 1, 2, 3} do
      check('norm', type, torch.norm(x, p, 2), sizesWith(2, 1), function(at) return norm(line(x, at, 2), p) end)
    end
    local differences = {}
    for _, at in ipairs(positions(kShape)) do table.insert(differences, get(x, at) - get(y, at)) end
    tester:assert(isClose('Float', torch.dist(x, y), norm(differences, 2)), 'dist of ' .. type)
  end
end

function tests.cumulative_functions()
  local random = ops.random(6)
  for name, f in pairs {cumsum = sum, cumprod = prod} do
    for _, type in ipairs(typesOf(name)) do
      local x = strided(type, 'any', random)
      for d = 1, 3 do
        check(name, type, torch[name](x, d), kShape, function(at)
          local list, first = line(x, at, d), {}
          for k = 1, at[d] do first[k] = list[k] end
          return stored(type, f(first))
        end)
      end
    end
  end
end

function tests.order()
  local random = ops.random(7)
  for _, type in ipairs(typesOf 'sort') do
    local x = strided(type, 'any', random)
    for d = 1, 3 do
      local function sorted(at, descending)
        local list = line(x, at, d)
        table.sort(list, function(a, b) if descending then return a > b end return a < b end)
        return list
      end
      local n = kShape[d]
      for _, descending in ipairs {false, true} do
        local values, indices = torch.sort(x, d, descending)
        check('sort', type, values, kShape, function(at) return sorted(at, descending)[at[d]] end)
        check('sort index', type, torch.gather(x, d, indices), kShape, function(at) return get(values, at) end)
        check('topk', type, torch.topk(x, 2, d, descending, true), sizesWith(d, 2), function(at)
          return sorted(at, descending)[at[d]]
        end)
      end
      check('kthvalue', type, torch.kthvalue(x, 2, d), sizesWith(d, 1), function(at) return sorted(at)[2] end)
      check('median', type, torch.median(x, d), sizesWith(d, 1), function(at)
        return sorted(at)[math.floor((n + 1) / 2)]
      end)
      check('mode', type, torch.mode(x, d), sizesWith(d, 1), function(at)
        local best, most
        for _, v in ipairs(sorted(at)) do
          local count = 0
          for _, w in ipairs(line(x, at, d)) do count = count + (w == v and 1 or 0) end
          if not most or count > most then best, most = v, count end
        end
        return best
      end)
    end
  end
end

-- Positions and masks.

local function indexDomain(n) return function(random) return random(n) end end

function tests.index_functions()
  local random = ops.random(8)
  for _, type in ipairs(typesOf 'index') do
    for d = 1, 3 do
      local n = kShape[d]
      local x, v = strided(type, 'any', random), 3
      local indices = strided('Long', indexDomain(n), random, {6})
      check('index', type, x:index(d, indices), sizesWith(d, 6), function(at)
        return get(x, with(at, d, indices[at[d]]))
      end)
      local y = strided(type, 'any', random, sizesWith(d, 2))
      local two = torch.LongTensor {n, 1}
      check('indexCopy', type, x:clone():indexCopy(d, two, y), kShape, function(at)
        return at[d] == 1 and get(y, with(at, d, 2)) or at[d] == n and get(y, with(at, d, 1)) or get(x, at)
      end)
      check('indexFill', type, x:clone():indexFill(d, two, v), kShape, function(at)
        return (at[d] == 1 or at[d] == n) and v or get(x, at)
      end)
      local twice = torch.LongTensor {n, n}
      check('indexAdd', type, x:clone():indexAdd(d, twice, y), kShape, function(at)
        if at[d] ~= n then return get(x, at) end
        return stored(type, get(x, at) + get(y, with(at, d, 1)) + get(y, with(at, d, 2)))
      end)
      local places = strided('Long', indexDomain(n), random, sizesWith(d, 7))
      check('gather', type, torch.gather(x, d, places), sizesWith(d, 7), function(at)
        return get(x, with(at, d, get(places, at)))
      end)
      local one = strided('Long', indexDomain(n), random, sizesWith(d, 1))
      check('scatter', type, x:clone():scatter(d, one, y:narrow(d, 1, 1)), kShape, function(at)
        return get(one, with(at, d, 1)) == at[d] and get(y, with(at, d, 1)) or get(x, at)
      end)
      check('scatter', type, x:clone():scatter(d, one, v), kShape, function(at)
        return get(one, with(at, d, 1)) == at[d] and v or get(x, at)
      end)
    end
  end
end

function tests.mask_functions()
  local random = ops.random(9)
  for _, type in ipairs(typesOf 'maskedFill') do
    local x, mask = strided(type, 'any', random), strided('Byte', 'binary', random)
    local y = strided(type, 'any', random, {10, 6})
    local chosen, from, rank, places = {}, {}, {}, {}
    for k, at in ipairs(positions(kShape)) do
      if get(mask, at) == 1 then
        table.insert(chosen, get(x, at))
        rank[table.concat(at, ',')] = #chosen
      end
      if get(x, at) ~= 0 then table.insert(places, at) end
      from[k] = get(y, positions {10, 6}[k])
    end
    check('maskedFill', type, x:clone():maskedFill(mask, 2), kShape, function(at)
      return get(mask, at) == 1 and 2 or get(x, at)
    end)
    check('maskedCopy', type, x:clone():maskedCopy(mask, y), kShape, function(at)
      return get(mask, at) == 1 and from[rank[table.concat(at, ',')]] or get(x, at)
    end)
    check('maskedSelect', type, x:maskedSelect(mask), {#chosen}, function(at) return chosen[at[1]] end)
    check('nonzero', type, torch.nonzero(x), {#places, 3}, function(at) return places[at[1]][at[2]] end)
  end
end

-- Matrices.

function tests.products()
  local random = ops.random(10)
  for _, type in ipairs(typesOf 'mm') do
    local a, b = strided(type, 'any', random, {5, 4}), strided(type, 'any', random, {4, 6})
    local t, u, v = strided(type, 'any', random, {5, 6}), strided(type, 'any', random, {5}),
                    strided(type, 'any', random, {4})
    local function product(i, j)
      local s = 0
      for k = 1, 4 do s = s + a[i][k] * b[k][j] end
      return s
    end
    local function at2(f) return function(at) return stored(type, f(at[1], at[2])) end end
    check('mm', type, torch.mm(a, b), {5, 6}, at2(product))
    check('addmm', type, torch.addmm(2, t, 3, a, b), {5, 6}, at2(function(i, j)
      return 2 * t[i][j] + 3 * product(i, j)
    end))
    check('ger', type, torch.ger(u, v), {5, 4}, at2(function(i, j) return u[i] * v[j] end))
    check('addr', type, torch.addr(2, a, 3, u, v), {5, 4}, at2(function(i, j) return 2 * a[i][j] + 3 * u[i] * v[j] end))
    local function row(i)
      local s = 0
      for k = 1, 4 do s = s + a[i][k] * v[k] end
      return s
    end
    check('mv', type, torch.mv(a, v), {5}, at2(row))
    check('addmv', type, torch.addmv(2, u, 3, a, v), {5}, at2(function(i) return 2 * u[i] + 3 * row(i) end))
    local c, d = strided(type, 'any', random, {2, 3, 4}), strided(type, 'any', random, {2, 4, 3})
    local function batch(n, i, j)
      local s = 0
      for k = 1, 4 do s = s + c[n][i][k] * d[n][k][j] end
      return s
    end
    local w, m = strided(type, 'any', random, {2, 3, 3}), strided(type, 'any', random, {3, 3})
    check('bmm', type, torch.bmm(c, d), {2, 3, 3}, function(at) return stored(type, batch(at[1], at[2], at[3])) end)
    check('baddbmm', type, torch.baddbmm(2, w, 3, c, d), {2, 3, 3}, function(at)
      return stored(type, 2 * get(w, at) + 3 * batch(at[1], at[2], at[3]))
    end)
    check('addbmm', type, torch.addbmm(2, m, 3, c, d), {3, 3}, at2(function(i, j)
      return 2 * m[i][j] + 3 * (batch(1, i, j) + batch(2, i, j))
    end))
    local s = 0
    for i = 1, 4 do s = s + v[i] * a[1][i] end
    tester:assert(isClose('Float', torch.dot(v, a[1]), s), 'dot of ' .. type)
  end
end

function tests.products_with_alpha_0_do_not_read_their_factors()
  local nan = torch.Tensor(9, 9):fill(0 / 0)
  for _, a in ipairs {nan, nan:t(), ops.tensor('Double', {9, 9}, function() return 0 / 0 end, ops.gaps)} do
    tester:eq(torch.addmm(2, torch.ones(9, 9), 0, a, nan), torch.ones(9, 9):mul(2))
    tester:eq(torch.addmm(0, nan, 0, a, nan), torch.zeros(9, 9))
    tester:eq(torch.addmv(2, torch.ones(9), 0, a, nan[1]), torch.ones(9):mul(2))
  end
end

function tests.matrix_functions()
  local random = ops.random(11)
  for _, type in ipairs(typesOf 'tril') do
    local x, y = strided(type, 'any', random, {4, 6}), strided(type, 'any', random, {4, 3})
    for k = -2, 2 do
      check('tril', type, torch.tril(x, k), {4, 6}, function(at) return at[2] - at[1] <= k and get(x, at) or 0 end)
      check('triu', type, torch.triu(x, k), {4, 6}, function(at) return at[2] - at[1] >= k and get(x, at) or 0 end)
      check('diag', type, torch.diag(x[1], k), {6 + math.abs(k), 6 + math.abs(k)}, function(at)
        return at[2] - at[1] == k and x[1][math.min(at[1], at[2])] or 0
      end)
    end
    check('diag', type, torch.diag(x, 1), {4}, function(at) return x[at[1]][at[1] + 1] end)
    check('cat', type, torch.cat(x, y, 2), {4, 9}, function(at)
      return at[2] <= 6 and get(x, at) or y[at[1]][at[2] - 6]
    end)
    check('reshape', type, torch.reshape(x, 3, 8), {3, 8}, function(at)
      local n = (at[1] - 1) * 8 + at[2] - 1
      return x[math.floor(n / 6) + 1][n % 6 + 1]
    end)
    local z = strided(type, 'any', random, {4, 3})
    check('cross', type, torch.cross(y, z, 2), {4, 3}, function(at)
      local i, j, k = at[1], at[2] % 3 + 1, (at[2] + 1) % 3 + 1
      return stored(type, y[i][j] * z[i][k] - y[i][k] * z[i][j])
    end)
    check('match', type, torch.match(y, z, 2), {4, 4}, function(at)
      local s = 0
      for k = 1, 3 do s = s + (y[at[1]][k] - z[at[2]][k]) ^ 2 end
      return stored(type, 2 * s)
    end)
    local s = 0
    for k = 1, 4 do s = s + x[k][k] end
    tester:eq(torch.trace(x), s, 'trace of ' .. type)
  end
end

tester:add(tests)
tester:run()
