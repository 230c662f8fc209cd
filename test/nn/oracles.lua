-- The modules and criterions of the reference results (oracles/nn_reference): outputs and gradients for given
-- parameters and inputs.
require 'nn'
local cases, dataset = paths.dofile('../reference.lua')('nn_reference')
if not cases then return end

local tester = torch.Tester()
local test = torch.TestSuite()

-- Fails unless |got - expected| <= tolerance * max(1, |expected|) everywhere, with equal sizes.
local function close(got, expected, tolerance, label)
  if type(got) == 'number' then got = torch.Tensor {got} end
  tester:eq(got:size():totable(), expected:size():totable(), label .. ', sizes')
  if got:nElement() ~= expected:nElement() then return end
  local worst = torch.cdiv(torch.abs(got - expected), torch.cmax(torch.abs(expected), 1)):max()
  tester:assert(worst <= tolerance, ('%s: differs by %g, tolerance %g'):format(label, worst, tolerance))
end

-- The dataset `name` of a case, or a table of name_1, name_2, ...; nil when there is none.
local function read(caseName, case, name)
  if case.datasets[name] then return dataset('/' .. caseName .. '/' .. name) end
  local list = {}
  while case.datasets[name .. '_' .. #list + 1] do
    list[#list + 1] = dataset('/' .. caseName .. '/' .. name .. '_' .. #list + 1)
  end
  return #list > 0 and list or nil
end

-- What the JSON says in words only: inputs that are nested or no numbers, and fields.
local inputs = {
  MixtureTable = function(x) return {x[1], {unpack(x, 2)}} end,
  MaskedSelect = function(x) return {x[1], x[2]:byte()} end,
}
local settings = {
  DistKLDivCriterion_sum = function(m) m.sizeAverage = false end,
  SpatialFractionalMaxPooling = function(m)
    m.randomSamples = dataset('/SpatialFractionalMaxPooling/random_samples')
    m:fixPoolingRegions()
  end,
}

local function flat(x)
  if torch.isTensor(x) then return {x} end
  local list = {}
  for _, part in ipairs(x) do
    for _, tensor in ipairs(flat(part)) do list[#list + 1] = tensor end
  end
  return list
end

local function checkGradInput(got, expected, tolerance, label)
  if not expected then return end  -- indices and masks have none
  got, expected = flat(got), flat(expected)
  for i in ipairs(expected) do close(got[i], expected[i], tolerance, label .. ', gradInput ' .. i) end
end

local check = {}

function check.module(m, name, case, input, tolerance)
  local parameters, gradients = m:parameters()
  for i, field in ipairs(case.parameters) do parameters[i]:copy(read(name, case, 'param_' .. field)) end
  for _, buffer in ipairs {'running_mean', 'running_var'} do
    if case.datasets['buffer_' .. buffer] then m[buffer]:copy(read(name, case, 'buffer_' .. buffer)) end
  end
  if not case.training then m:evaluate() end

  close(m:forward(input), read(name, case, 'output'), tolerance, name .. ', output')
  if #case.parameters > 0 then m:zeroGradParameters() end
  checkGradInput(m:backward(input, read(name, case, 'grad_output')), read(name, case, 'grad_input'), tolerance, name)
  for i, field in ipairs(case.parameters) do
    close(gradients[i], read(name, case, 'grad_' .. field), tolerance, name .. ', gradient of ' .. field)
  end
  for _, buffer in ipairs {'running_mean', 'running_var'} do
    if case.datasets['after_' .. buffer] then
      close(m[buffer], read(name, case, 'after_' .. buffer), tolerance, name .. ', ' .. buffer)
    end
  end
end

function check.criterion(m, name, case, input, tolerance)
  local target = read(name, case, 'target')
  close(m:forward(input, target), read(name, case, 'output'), tolerance, name .. ', output')
  checkGradInput(m:backward(input, target), read(name, case, 'grad_input'), tolerance, name)
end

local function isKnown(constructor)
  for package_, name in constructor:gmatch('(%w+)%.(%u%w*)') do
    if not (package_ == 'nn' and nn[name]) then return false end
  end
  return true
end

local missing = {}
for name, case in pairs(cases) do
  if case.lua and isKnown(case.lua) then  -- without `lua` Torch7 cannot express it
    test[name] = function()
      local m = assert(loadstring('return ' .. case.lua))()
      if settings[name] then settings[name](m) end
      local input = read(name, case, 'input')
      if inputs[name] then input = inputs[name](input) end
      local tolerance = tonumber((case.note or ''):match('compare to (1e%-%d+)')) or 1e-9
      check[case.kind](m, name, case, input, tolerance)
    end
  elseif case.lua then
    missing[#missing + 1] = name
  end
end
table.sort(missing)
print(#missing .. ' cases skipped, not yet: ' .. table.concat(missing, ', '))

tester:add(test):run()
