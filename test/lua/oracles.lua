-- The project's reference results of tensor operations (oracles/tensor_ops): every case is an expression, its inputs
-- and what other software computed.
local cases, dataset = paths.dofile('../reference.lua')('tensor_ops')
if not cases then return end
local function read(case, name) return dataset('/' .. case .. '/' .. name) end

local tester = torch.Tester()
local test = torch.TestSuite()

local types = {
  uint8 = 'Byte', int8 = 'Char', int16 = 'Short', int32 = 'Int', int64 = 'Long', float32 = 'Float', float64 = 'Double',
}
local function typeOf(case, name)
  return 'torch.' .. types[case.element_types and case.element_types[name] or 'float64'] .. 'Tensor'
end

-- Fails unless |got - expected| <= tolerance * max(1, |expected|) everywhere, with equal sizes.
local function close(got, expected, tolerance, label)
  if type(got) == 'number' then got = torch.Tensor {got} end
  tester:eq(got:size():totable(), expected:size():totable(), label .. ', sizes')
  if got:nElement() ~= expected:nElement() then return end
  got, expected = got:double(), expected:double()
  local scale = torch.cmax(torch.abs(expected), 1)
  local worst = torch.cdiv(torch.abs(got - expected), scale):max()
  tester:assert(worst <= tolerance, ('%s: differs by %g, tolerance %g'):format(label, worst, tolerance))
end

local function orthonormal(Q, tolerance, label)
  close(Q:t() * Q, torch.eye(Q:size(2)), tolerance, label .. ' is orthonormal')
end

-- The rows in ascending order of their first, then their second number.
local function sortedRows(x)
  local rows = x:totable()
  table.sort(rows, function(a, b)
    if math.abs(a[1] - b[1]) > 1e-8 then return a[1] < b[1] end
    return a[2] < b[2]
  end)
  return torch.Tensor(rows)
end

-- How the results r of a case with the inputs x are compared with out, by the start of the case's `compare`.
local comparisons = {
  elementwise = function(case, x, r, out, tolerance, label)
    for name, expected in pairs(out) do
      close(r[name], expected, tolerance, label .. '.' .. name)
      if torch.isTensor(r[name]) and name ~= 'randperm' then  -- whole numbers of the default type
        tester:eq(torch.type(r[name]), typeOf(case, name), label .. '.' .. name .. ', type')
      end
    end
  end,
  ['S elementwise'] = function(case, x, r, out, tolerance, label)
    close(r.S, out.S, tolerance, label .. '.S')
    for _, name in ipairs {'U', 'V'} do
      tester:eq(r[name]:size():totable(), out[name]:size():totable(), label .. '.' .. name)
      orthonormal(r[name], tolerance, label .. '.' .. name)
    end
    local k = r.S:size(1)
    close(r.U:narrow(2, 1, k) * torch.diag(r.S) * r.V:narrow(2, 1, k):t(), x.M, tolerance, label .. ' factorizes M')
  end,
  ['e elementwise; M V'] = function(case, x, r, out, tolerance, label)
    close(r.e, out.e, tolerance, label .. '.e')
    close(x.M * r.V, r.V * torch.diag(r.e), tolerance, label .. ' gives eigenvectors')
  end,
  ['rows as a set'] = function(case, x, r, out, tolerance, label)
    close(sortedRows(r.e), sortedRows(out.e), tolerance, label .. '.e')
    if r.V then close(x.M * r.V, r.V * torch.diag(r.e:select(2, 1)), tolerance, label .. ' gives eigenvectors') end
  end,
  ['first size(M,2) rows'] = function(case, x, r, out, tolerance, label)
    close(r.X:narrow(1, 1, x.M:size(2)), out.X, tolerance, label .. '.X')
  end,
  ['abs(R) elementwise'] = function(case, x, r, out, tolerance, label)
    close(torch.abs(r.Rm), torch.abs(out.R), tolerance, label .. '.R')
    close(r.Q * r.Rm, x.M, tolerance, label .. ' factorizes M')
    orthonormal(r.Q, tolerance, label .. '.Q')
  end,
  ['property only'] = function(case, x, r, out, tolerance, label)
    tester:eq(label, 'pstrf')
    local U, pivots = torch.pstrf(x.M)
    local order = pivots:long()
    close(U:t() * U, x.M:index(1, order):index(2, order), tolerance, label .. ' factorizes the permuted M')
  end,
}

local function comparisonOf(case)
  for start, compare in pairs(comparisons) do
    if case.compare:sub(1, #start) == start then return compare end
  end
end

local function seeded(seed, f)
  torch.manualSeed(seed)
  return f()
end

-- The results of a case by name, and its inputs by name.
local function evaluate(caseName, case)
  local x = {}
  for name in pairs(case['in']) do x[name] = read(caseName, name):type(typeOf(case, name)) end
  local environment = setmetatable({seeded = seeded}, {__index = function(_, name) return x[name] or _G[name] end})
  local function value(expression)
    return setfenv(assert(loadstring('return ' .. expression, caseName)), environment)()
  end
  local r = {}
  if case.lua.assign then
    local list = {value(case.lua.expression)}
    for i, name in ipairs(case.lua.assign) do r[name] = list[i] end
  else
    for name, expression in pairs(case.lua.results) do r[name] = value(expression) end
  end
  return r, x
end

-- The function of an expression that does not exist, if any.
local function missing(case)
  for name in (case.lua.expression or ''):gmatch('torch%.(%w+)%(') do
    if torch[name] == nil then return name end
  end
end

local skipped = {}
for caseName, case in pairs(cases) do
  local name = missing(case)
  -- The optional ones are functions that Torch7 itself lacks.
  if name and case.optional then
    skipped[#skipped + 1] = caseName .. ' (no torch.' .. name .. ')'
  else
    test[caseName] = function()
      local out = {}
      for result in pairs(case.out or {}) do out[result] = read(caseName, result) end
      local r, x = evaluate(caseName, case)
      comparisonOf(case)(case, x, r, out, case.tolerance, caseName)
    end
  end
end
table.sort(skipped)
print(#skipped .. ' cases skipped: ' .. table.concat(skipped, ', '))

tester:add(test):run()
