-- Every operation of the table, in every form and type, gives the same on tensors of any layout as on contiguous ones.
local ops = paths.dofile('harness.lua')

local tester = torch.Tester()
local tests = torch.TestSuite()

local all = ops.table()

-- Calls f(op, overload, type) for each overload of each operation that the test is about. Linear algebra, whose results
-- have a layout of their own, is not: test/tensor/ops/linalg.cpp has its layouts.
local function each(f)
  for _, op in ipairs(all) do
    for _, overload in ipairs(op.family ~= 'function' and op.overloads or {}) do
      for _, type in ipairs(overload.types) do f(op, overload, type) end
    end
  end
end

local function takesTensors(overload)
  for _, p in ipairs(overload.parameters) do
    if p.kind == 'tensor' or p.kind == 'tensors' then return true end
  end
end

function tests.every_overload_can_be_called()
  local random = ops.random(1)
  each(function(op, overload, type)
    local found
    for _, parameters in ipairs(ops.combinations(overload)) do
      found = found or ops.find(op, overload, type, parameters, random)
    end
    tester:assert(found ~= nil, ops.describe(op, overload, type) .. ': no arguments found that it takes')
  end)
end

function tests.results_do_not_depend_on_the_layout()
  local random = ops.random(2)
  each(function(op, overload, type)
    if not takesTensors(overload) then return end
    for _, parameters in ipairs(ops.combinations(overload)) do
      local good, bad = ops.find(op, overload, type, parameters, random)
      for _, spec in ipairs {good or bad, good and bad} do
        for _, layout in ipairs(ops.layouts) do
          local arguments = ops.build(spec, function(s) return s.written and layout.shared and ops.gaps or layout end,
                                      random)
          local text = ops.compare(op, overload, type, spec, arguments)
          tester:assert(not text, ('%s, %s: %s'):format(ops.describe(op, overload, type), layout.name, text))
        end
      end
    end
  end)
end

-- Products of matrices and convolutions, whose tensors have a number of dimensions, take too long for what follows.
local function isProduct(overload)
  for _, p in ipairs(overload.parameters) do
    if p.dims then return true end
  end
end

-- Enough elements for every thread and every kind of inner loop.
function tests.results_of_large_tensors_do_not_depend_on_the_layout()
  local random = ops.random(6)
  each(function(op, overload, type)
    if not takesTensors(overload) or isProduct(overload) or type ~= overload.types[#overload.types] then return end
    local parameters = ops.combinations(overload)[1]
    local spec = ops.find(op, overload, type, parameters, random, {base = {70, 1001}})
    for _, layout in ipairs(spec and {ops.layouts[2], ops.gaps} or {}) do
      local arguments = ops.build(spec, function() return layout end, random)
      local text = ops.compare(op, overload, type, spec, arguments)
      tester:assert(not text, ('%s, %s: %s'):format(ops.describe(op, overload, type), layout.name, tostring(text)))
    end
  end)
end

-- Positions of the parameters that receive a result of the dispatched type, and of those that are only read.
local function resultAndSources(parameters)
  local result, sources = nil, {}
  for i, p in ipairs(parameters) do
    if p.kind == 'tensor' and not p.type then
      if not p.result then table.insert(sources, i) end
      if p.result and not result then result = i end
    end
  end
  return result, sources
end

-- torch.md 2.7 promises this for some operations; all keep it.
function tests.a_result_may_be_a_source()
  local random = ops.random(3)
  each(function(op, overload, type)
    for _, parameters in ipairs(ops.combinations(overload)) do
      local result, sources = resultAndSources(parameters)
      local spec = result and #sources > 0 and ops.find(op, overload, type, parameters, random)
      for _, source in ipairs(spec and sources or {}) do
        for _, layout in ipairs {ops.layouts[1], ops.layouts[2], ops.gaps} do
          local arguments = ops.build(spec, function() return layout end, random)
          arguments[result] = arguments[source]
          local apart = ops.copy(spec, arguments)
          local wantedOk, wanted = ops.call(op, overload, type, apart)
          local ok, got = ops.call(op, overload, type, arguments)
          local text = ok ~= wantedOk and tostring(got) or ops.difference(ok and got[1], wantedOk and wanted[1])
          tester:assert(not text, ('%s, result is argument %d, %s: %s'):format(ops.describe(op, overload, type), source,
                                                                              layout.name, text))
        end
      end
    end
  end)
end

function tests.a_given_result_is_returned()
  local random = ops.random(4)
  each(function(op, overload, type)
    for _, parameters in ipairs(ops.combinations(overload)) do
      local spec = ops.find(op, overload, type, parameters, random)
      if spec then
        local arguments = ops.build(spec, function() return ops.gaps end, random)
        local ok, got = ops.call(op, overload, type, arguments)
        for i, p in ipairs(parameters) do
          local returned = not (ok and p.result and torch.isTensor(got[1]))
          for k = 1, returned and 0 or got.n do returned = returned or torch.isequal(got[k], arguments[i]) end
          tester:assert(returned, ('%s: argument %d is not returned'):format(ops.describe(op, overload, type), i))
        end
      end
    end
  end)
end

-- torch.md 2.6.
local kNumberOfEmpty = {sum = 0, prod = 1, norm = 0, dist = 0, dot = 0, numel = 0, equal = true}
local kFailsOnEmpty = {max = 'tensor must have one dimension', min = 'tensor must have one dimension'}
for _, name in ipairs {'mean', 'var', 'std', 'all', 'any'} do kFailsOnEmpty[name] = 'empty Tensor' end
local kDimErrors = {'out of range', 'invalid dimension', 'not in range', 'out of bounds', 'empty', 'dimension'}

local function has(overload, kind)
  for _, p in ipairs(overload.parameters) do
    if p.kind == kind or (kind == 'dims' and p.dims) then return p end
  end
end

function tests.empty_tensors_give_what_is_documented()
  local random = ops.random(5)
  each(function(op, overload, type)
    if not takesTensors(overload) then return end
    for _, parameters in ipairs(ops.combinations(overload)) do
      local spec = ops.find(op, overload, type, parameters, random)
      if spec then
        local arguments = ops.build(spec, function() return ops.layouts[1] end, random, true)
        local ok, got = ops.call(op, overload, type, arguments)
        local name = ops.describe(op, overload, type)
        local dim = has(overload, 'dim')
        if dim and not dim.default then
          local named = false
          for _, word in ipairs(kDimErrors) do named = named or (not ok and got:find(word, 1, true) ~= nil) end
          tester:assert(named, name .. ': ' .. tostring(ok or got))
        elseif op.family == 'in-place' and not has(overload, 'dims') then
          tester:assert(ok and got[1]:dim() == 0, name .. ': ' .. tostring(ok or got))
        elseif kNumberOfEmpty[op.name] ~= nil then
          tester:assert(ok and got[1] == kNumberOfEmpty[op.name], name .. ': ' .. tostring(ok and got[1] or got))
        elseif kFailsOnEmpty[op.name] then
          tester:assert(not ok and got:find(kFailsOnEmpty[op.name], 1, true) ~= nil, name .. ': ' .. tostring(got))
        end
      end
    end
  end)
end

tester:add(tests)
tester:run()
