-- The modules of the shared reference collection (oracles/nn_reference): parameters, outputs and gradients have the
-- sizes that it lists. Not yet: its values, which are in an HDF5 file.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()

-- The value of JSON text that has no escapes in its strings.
local function decode(text)
  local at = 1
  local value
  local function skip() at = text:find('[^%s,:]', at) end
  local function entries(close, read)
    local t = {}
    at = at + 1
    skip()
    while text:sub(at, at) ~= close do
      read(t)
      skip()
    end
    at = at + 1
    return t
  end
  local words = {['true'] = true, ['false'] = false}
  function value()
    skip()
    local first = text:sub(at, at)
    if first == '{' then
      return entries('}', function(t)
        local key = value()
        t[key] = value()
      end)
    elseif first == '[' then
      return entries(']', function(t) t[#t + 1] = value() end)
    elseif first == '"' then
      local s
      s, at = text:match('^"([^"]*)"()', at)
      return s
    end
    local word
    word, at = text:match('^([%w.+-]+)()', at)
    if words[word] ~= nil then return words[word] end
    return tonumber(word)
  end
  return value()
end

local function sizes(x) return table.concat(x:size():totable(), 'x') end

-- Ones: valid as numbers, probabilities and indices alike.
local function filled(list) return torch.ones(torch.LongStorage(list)) end

local function inputOf(datasets)
  if datasets.input then return filled(datasets.input) end
  local input = {}
  while datasets['input_' .. #input + 1] do input[#input + 1] = filled(datasets['input_' .. #input + 1]) end
  return #input > 0 and input or nil
end

local function isKnown(constructor)
  for package_, name in constructor:gmatch('(%w+)%.(%u%w*)') do
    if package_ ~= 'torch' and not (package_ == 'nn' and nn[name]) then return false end
  end
  return true
end

local function check(name, case)
  local m = assert(loadstring('return ' .. case.lua))()
  local d = case.datasets
  local input = inputOf(d)
  if not case.training then m:evaluate() end

  for _, field in ipairs(case.parameters) do
    if d['param_' .. field] and m[field] then
      tester:eq(sizes(m[field]), table.concat(d['param_' .. field], 'x'), name .. '.' .. field)
      tester:eq(sizes(m[field]), sizes(m['grad' .. field:gsub('^%l', string.upper)]), name .. ', gradient of ' .. field)
    end
  end
  local output = m:forward(input)
  tester:eq(sizes(output), table.concat(d.output, 'x'), name .. ', output')
  m:zeroGradParameters()
  local gradInput = m:backward(input, filled(d.grad_output))
  if torch.isTensor(input) then
    if d.grad_input then tester:eq(sizes(gradInput), table.concat(d.grad_input, 'x'), name .. ', gradInput') end
  else
    for i in ipairs(input) do
      if d['grad_input_' .. i] then
        tester:eq(sizes(gradInput[i]), table.concat(d['grad_input_' .. i], 'x'), name .. ', gradInput ' .. i)
      end
    end
  end
end

function test.sizes_are_those_of_the_reference()
  local folder = os.getenv('CRESSET_SHARED_DATA')
  if not folder then
    print('skipped: CRESSET_SHARED_DATA does not name the shared data')
    return
  end
  local file = assert(io.open(folder .. '/oracles/nn_reference.json'))
  local cases = decode(file:read('*all'))
  file:close()
  local checked, missing = 0, {}
  for name, case in pairs(cases) do
    if case.kind == 'module' and case.lua then
      if not isKnown(case.lua) then
        missing[#missing + 1] = name
      elseif not case.lua:find('MaskedSelect') then  -- how much it selects depends on the values
        checked = checked + 1
        check(name, case)
      end
    end
  end
  tester:assert(checked > 20, 'modules that exist: ' .. checked)
  table.sort(missing)
  print(('%d modules checked, not yet: %s'):format(checked, table.concat(missing, ', ')))
end

tester:add(test):run()
