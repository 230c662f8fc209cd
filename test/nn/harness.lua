-- What the tests of nn share: the rows of golden.txt and cases.txt as Lua values.
local harness = {}

-- The generators that golden.txt names: element k (from 0) of a tensor of the given sizes.
local function generator(f)
  return function(...)
    local x = torch.DoubleTensor(...)
    local k = -1
    return x:apply(function()
      k = k + 1
      return f(k)
    end)
  end
end
local environment = setmetatable({
  S = generator(function(k) return math.sin(0.5 + 1.3 * k) end),
  S2 = generator(function(k) return math.sin(2.1 + 0.7 * k) end),
  P = generator(function(k) return 0.1 + math.abs(math.sin(0.5 + 1.3 * k)) end),
  P01 = generator(function(k) return 0.1 + 0.8 * math.abs(math.sin(0.5 + 1.3 * k)) end),
  L = function(entries) return torch.LongTensor(entries) end,
}, {__index = _G})
harness.wave = generator(function(k) return math.cos(0.2 + 0.9 * k) end)

-- The value of a Lua expression, in which the generators are known.
function harness.value(text)
  local chunk = assert(loadstring('return ' .. text))
  return setfenv(chunk, environment)()
end

-- The module or criterion of a row. `:evaluate()` and `:fill(field, value)` at its end are no methods that chain.
function harness.object(constructor)
  local rest, field, number = constructor:match("^(.*):fill%('([%w_]+)',([%d.]+)%)$")
  if rest then
    local object = harness.object(rest)
    object[field]:fill(tonumber(number))
    return object
  end
  rest = constructor:match('^(.*):evaluate%(%)$')
  if rest then
    local object = harness.object(rest)
    object:evaluate()
    return object
  end
  return harness.value(constructor)
end

local folder = paths.dirname(paths.thisfile())

-- The rows of a file: {constructor, input, target, output, gradInput, gradients}, all text.
function harness.rows(file)
  local rows = {}
  for line in io.lines(folder .. '/' .. file) do
    if line ~= '' and line:sub(1, 1) ~= '#' then
      local columns = {}
      for column in (line .. ' | '):gmatch('%s*(.-)%s+|%s') do columns[#columns + 1] = column end
      local input, target = columns[2]:match('^(.-)%s*; target (.*)$')
      rows[#rows + 1] = {
        constructor = columns[1], input = input or columns[2], target = target,
        output = columns[3], gradInput = columns[4], gradients = columns[5], text = columns[1] .. ' of ' .. columns[2],
      }
    end
  end
  return rows
end

-- Calls visit(tensor) for each tensor of nested tables, in order.
function harness.eachTensor(activity, visit)
  if torch.isTensor(activity) then
    visit(activity)
  elseif type(activity) == 'table' then
    for _, entry in ipairs(activity) do harness.eachTensor(entry, visit) end
  end
end

-- The same nesting with f(tensor) for each tensor.
function harness.map(activity, f)
  if torch.isTensor(activity) then return f(activity) end
  if type(activity) ~= 'table' then return activity end
  local result = {}
  for i, entry in ipairs(activity) do result[i] = harness.map(entry, f) end
  return result
end

function harness.copy(activity)
  return harness.map(activity, function(x) return x:clone() end)
end

-- The gradOutput of golden.txt for an output.
function harness.gradient(output)
  if type(output) == 'number' then return torch.Tensor{1} end
  return harness.map(output, function(y) return harness.wave(y:size()):type(y:type()) end)
end

-- The largest difference between two nested tables of tensors; infinite when they do not nest alike.
function harness.difference(a, b)
  local left, right = {}, {}
  harness.eachTensor(a, function(x) left[#left + 1] = x end)
  harness.eachTensor(b, function(x) right[#right + 1] = x end)
  if #left ~= #right or type(a) ~= type(b) then return math.huge end
  if type(a) == 'number' then return math.abs(a - b) end
  local largest = 0
  for i, x in ipairs(left) do
    if table.concat(x:size():totable(), ' ') ~= table.concat(right[i]:size():totable(), ' ') then return math.huge end
    if x:nElement() > 0 then
      largest = math.max(largest, (x:double() - right[i]:double()):abs():max())
    end
  end
  return largest
end

return harness
