-- Deep comparison of Lua values and tensors, for torch.Tester.
local torch = require 'torch'

-- Largest absolute difference of two tensors of as many elements; NaN where only one of them has a value.
local function maxDifference(a, b)
  if a:nElement() == 0 then return 0 end
  local n = a:nElement()
  a, b = a:double():contiguous():view(n), b:double():contiguous():view(n)
  local difference = torch.add(a, -1, b):abs()
  difference:maskedFill(a:eq(b), 0)  -- equal infinities differ by NaN otherwise
  local undefined = difference:ne(difference):sum()
  return undefined > 0 and 0 / 0 or difference:max()
end

-- Why two tensors are unequal, or nil when they are equal; in either case with the sentence on their difference.
local function compareTensors(got, expected, tolerance)
  if got:type() ~= expected:type() then
    return 'The tensors have different types: ' .. got:type() .. ' and ' .. expected:type()
  end
  if got:dim() ~= expected:dim() then
    return string.format('The tensors have different dimensions: %d and %d', got:dim(), expected:dim())
  end
  for d = 1, got:dim() do
    if got:size(d) ~= expected:size(d) then
      return string.format('The tensors have different sizes: %d and %d in dimension %d', got:size(d),
                           expected:size(d), d)
    end
  end
  local difference = maxDifference(got, expected)
  if difference <= tolerance then return nil end
  return string.format('TensorEQ(==) violation: max diff=%s, tolerance=%s', tostring(difference), tostring(tolerance))
end

local function equalNumbers(a, b, tolerance)
  return a == b or math.abs(a - b) <= tolerance
end

local function compareStorages(got, expected, tolerance)
  local same = got:size() == expected:size() and torch.type(got) == torch.type(expected)
  for i = 1, same and got:size() or 0 do
    if not equalNumbers(got[i], expected[i], tolerance) then
      same = false
      break
    end
  end
  if same then return nil end
  return 'StorageEQ(==) violation'
end

local compare

local function compareTables(got, expected, tolerance, location, compared)
  -- A cycle comes back to a pair under comparison: it is equal unless something else differs.
  if compared[got] == expected then return nil end
  compared[got] = expected
  local function at(key)
    return location == '' and tostring(key) or location .. '.' .. tostring(key)
  end
  for key, value in next, got do
    local violation = compare(value, rawget(expected, key), tolerance, at(key), compared)
    if violation then return violation end
  end
  for key, value in next, expected do
    if rawget(got, key) == nil then return compare(nil, value, tolerance, at(key), compared) end
  end
  return nil
end

-- Returns nil when got equals expected, else a sentence that says where and how they differ.
-- Numbers and elements may differ by tolerance. location names the table entry under comparison.
function compare(got, expected, tolerance, location, compared)
  location = location or ''
  local violation
  if type(got) == 'number' and type(expected) == 'number' then
    if not equalNumbers(got, expected, tolerance) then
      violation = string.format('EQ failed: %s ~= %s', tostring(got), tostring(expected))
    end
  elseif torch.isTensor(got) and torch.isTensor(expected) then
    violation = compareTensors(got, expected, tolerance)
  elseif torch.isStorage(got) and torch.isStorage(expected) then
    violation = compareStorages(got, expected, tolerance)
  elseif type(got) == 'table' and type(expected) == 'table' then
    return compareTables(got, expected, tolerance, location, compared or {})
  elseif got ~= expected then
    violation = string.format('EQ failed: %s ~= %s', tostring(got), tostring(expected))
  end
  if violation and location ~= '' then violation = 'At table location ' .. location .. ': ' .. violation end
  return violation
end

return {compare = compare, maxDifference = maxDifference}
