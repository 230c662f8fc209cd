-- The operator % of strings: '%d of %s' % {3, x}, '%.2f' % y, '$name is $value' % {name = ..., value = ...}.
local function substitute(text, values)
  return (text:gsub('%$([%w_]+)', function(name)
    local value = values[name]
    return value ~= nil and tostring(value) or nil
  end))
end

-- %s takes any value, as tostring shows it.
local function format(text, n, values)
  local words = {}
  local i = 0
  for kind in text:gsub('%%%%', ''):gmatch('%%[^%a]*(%a)') do
    i = i + 1
    words[i] = kind == 's' and i <= n and tostring(values[i]) or values[i]
  end
  return string.format(text, unpack(words, 1, math.max(i, n)))
end

getmetatable('').__mod = function(text, value)
  if type(value) ~= 'table' or getmetatable(value) ~= nil then return format(text, 1, {value}) end
  if #value == 0 and next(value) ~= nil then return substitute(text, value) end
  return format(text, #value, value)
end
