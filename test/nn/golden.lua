-- The classes as Lua has them: values measured on Torch7 (golden.txt), and what holds for every row of golden.txt and
-- cases.txt: copies and other types compute the same.
require 'nn'
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local kTolerance = 2e-8  -- golden.txt has nine digits

-- An activity as golden.txt writes it, as a list of {sizes, sum, weighted sum} in order.
local function expected(text)
  local list = {}
  for sizes, sum, weighted in text:gmatch('%[([%dx]*)%] ([^,; ]+),([^,;} ]+)') do
    list[#list + 1] = {sizes, tonumber(sum), tonumber(weighted)}
  end
  return list
end

local function check(activity, text, what)
  local number = text:match('^num (.*)$')
  if number then return tester:eq(activity, tonumber(number), kTolerance, what) end
  local tensors = {}
  harness.eachTensor(activity, function(x) tensors[#tensors + 1] = x end)
  local rows = expected(text)
  tester:eq(#tensors, #rows, what .. ': number of tensors')
  tester:eq(type(activity) == 'table', text:sub(1, 1) == '{', what .. ': is a table')
  for i, row in ipairs(rows) do
    local x = tensors[i]:double():contiguous():view(-1)
    tester:eq(table.concat(tensors[i]:size():totable(), 'x'), row[1], what .. ': sizes')
    tester:eq(x:sum(), row[2], kTolerance * math.max(1, math.abs(row[2])), what .. ': sum')
    local weights = torch.range(1, x:nElement()):cos()
    tester:eq(x:dot(weights), row[3], kTolerance * math.max(1, math.abs(row[3])), what .. ': weighted sum')
  end
end

local function setParameters(module)
  for j, parameter in ipairs(module:parameters() or {}) do
    local k = -1
    parameter:apply(function()
      k = k + 1
      return 0.3 * math.cos(0.7 * k + j)
    end)
  end
end

local function checkModule(row)
  local module = harness.object(row.constructor)
  setParameters(module)
  local input = harness.value(row.input)

  local given = harness.copy(input)
  local output = module:updateOutput(given)
  check(output, row.output, row.text .. ', output')
  check(module:updateGradInput(given, harness.gradient(output)), row.gradInput, row.text .. ', gradInput')
  if row.gradients == '-' then return end
  module:zeroGradParameters()
  given = harness.copy(input)
  module:backward(given, harness.gradient(module:forward(given)))
  local _, gradients = module:parameters()
  check(gradients, row.gradients, row.text .. ', gradients')
end

local function checkCriterion(row)
  local criterion = harness.object(row.constructor)
  local input, target = harness.value(row.input), harness.value(row.target)

  check(criterion:forward(input, target), row.output, row.text .. ', loss')
  check(criterion:backward(input, target), row.gradInput, row.text .. ', gradInput')
end

local function isKnown(row)
  for name in row.constructor:gmatch('nn%.(%w+)%(') do
    if not nn[name] then return false end
  end
  return true
end

function test.values_are_those_of_torch7()
  local seen = 0
  for _, row in ipairs(harness.rows('golden.txt')) do
    if isKnown(row) then
      seen = seen + 1
      if row.target then checkCriterion(row) else checkModule(row) end
    end
  end
  tester:assert(seen > 50, 'rows of classes that exist: ' .. seen)
end

local function eachRow(visit)
  for _, file in ipairs {'golden.txt', 'cases.txt'} do
    for _, row in ipairs(harness.rows(file)) do
      if isKnown(row) then visit(row) end
    end
  end
end

-- What an object computes: output and gradInput for a row.
local function results(object, row, change)
  change = change or function(x) return x end
  local input = harness.map(harness.value(row.input), change)
  if row.target then
    -- Class labels keep their type.
    local isLabel = row.target:find('^L') or row.constructor:find('ClassNLL') or row.constructor:find('CrossEntropy')
    local target = harness.map(harness.value(row.target), isLabel and function(x) return x end or change)
    local loss = object:forward(input, target)
    return loss, harness.copy(object:backward(input, target))
  end
  local output = object:updateOutput(input)
  local gradOutput = harness.gradient(output)
  local keptOutput = harness.copy(output)
  return keptOutput, harness.copy(object:updateGradInput(input, gradOutput))
end

function test.a_clone_computes_the_same_before_and_after_the_first_call()
  eachRow(function(row)
    local object = harness.object(row.constructor)
    if not row.target and not object.train then object:evaluate() end  -- random numbers differ
    local fresh = object:clone()
    local output, gradInput = results(object, row)

    local freshOutput, freshGradInput = results(fresh, row)
    local laterOutput, laterGradInput = results(object:clone(), row)

    tester:eq(harness.difference(output, freshOutput), 0, row.text)
    tester:eq(harness.difference(gradInput, freshGradInput), 0, row.text)
    if not row.constructor:find('BatchNorm') then  -- running statistics move on
      tester:eq(harness.difference(output, laterOutput), 0, row.text .. ', later')
      tester:eq(harness.difference(gradInput, laterGradInput), 0, row.text .. ', later')
    end
  end)
end

function test.after_float_results_are_nearly_the_same()
  local function toFloat(x) return x:type() == 'torch.DoubleTensor' and x:float() or x end
  eachRow(function(row)
    local object = harness.object(row.constructor)
    local twin = object:clone()
    local output, gradInput = results(object, row)

    local floatOutput, floatGradInput = results(twin:float(), row, toFloat)

    tester:assert(harness.difference(output, floatOutput) < 1e-4, row.text)
    tester:assert(harness.difference(gradInput, floatGradInput) < 1e-4, row.text)
    if not row.target then tester:eq(twin:type(), 'torch.FloatTensor') end
  end)
end

tester:add(test):run()
