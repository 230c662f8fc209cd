-- Suggests a name for one that was misspelt: `attempt to call field 'Liner' (a nil value)` is likely nn.Linear.
local visitFields = require 'cresset.fields'

local hint = {texts = {}}  -- by the names of chunks that are in no file: the prompt's `=stdin`, that of `th -e`

-- Edits (insert, remove, replace, swap neighbours) that turn a into b, or more than `most`.
local function distance(a, b, most)
  if math.abs(#a - #b) > most then return most + 1 end
  local before, previous = nil, {}
  for j = 0, #b do previous[j] = j end
  for i = 1, #a do
    local row = {[0] = i}
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same and 0 or 1))
      if before and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        row[j] = math.min(row[j], before[j - 2] + 1)
      end
    end
    before, previous = previous, row
  end
  return previous[#b]
end

-- The field of `object` whose name is nearest to `name`, when it is near and no other is as near.
local function nearest(name, object)
  if #name < 3 then return nil end  -- anything is near to x
  local most = #name == 3 and 1 or 2
  local best, bestDistance, unique = nil, most + 1, true
  visitFields(object, function(key)
    if key == best or key == name then return end
    local d = key:lower() == name:lower() and 0 or distance(name, key, most)
    if d < bestDistance then
      best, bestDistance, unique = key, d, true
    elseif d == bestDistance and d <= most then
      unique = false
    end
  end)
  return unique and best or nil
end
hint.nearest = nearest

-- The value of a variable as the function at `level` sees it.
local function variable(name, level)
  local value
  for i = 1, math.huge do
    local localName, localValue = debug.getlocal(level + 1, i)
    if not localName then break end
    if localName == name then value = localValue end  -- a later one hides an earlier one
  end
  if value ~= nil then return value end
  local f = debug.getinfo(level + 1, 'f').func
  for i = 1, math.huge do
    local upvalueName, upvalue = debug.getupvalue(f, i)
    if not upvalueName then break end
    if upvalueName == name then return upvalue end
  end
  return rawget(_G, name)
end

-- The value of `a.b.c` as the function at `level` sees it, or nil.
local function resolve(path, level)
  local value
  local first = true
  for name in path:gmatch('[%a_][%w_]*') do
    if first then
      value = variable(name, level + 1)
      first = false
    else
      local found, field = pcall(function() return value[name] end)
      value = found and field or nil
    end
    if value == nil then return nil end
  end
  return value
end

local function nthLine(n, text)
  for line in (text .. '\n'):gmatch('(.-)\n') do
    n = n - 1
    if n == 0 then return line end
  end
end

local function sourceLine(info)
  if hint.texts[info.source] then return nthLine(info.currentline, hint.texts[info.source]) end
  local file = io.open(info.source:match('^@(.*)') or '')
  if not file then return nil end
  local text = file:read('*all')
  file:close()
  return text and nthLine(info.currentline, text)
end

-- Returns `; did you mean nn.Linear?`, or '' where no name is likely. `level` is that of the function that failed.
function hint.forMessage(message, level)
  local kind, name = message:match("attempt to .- (%a+) '([%w_]+)' %(a nil value%)")
  if kind == 'global' then
    local best = nearest(name, _G)
    return best and '; did you mean ' .. best .. '?' or ''
  elseif kind ~= 'field' and kind ~= 'method' then
    return ''
  elseif name:find('^Cuda%w*Tensor$') or name:find('^Cuda%w*Storage$') then
    return "; it comes with require 'cutorch'"
  end
  local info = debug.getinfo(level + 1, 'Sl')
  local line = info and info.currentline > 0 and sourceLine(info)
  local path, separator = (line or ''):match('([%a_][%w_.]*)%s*([.:])%s*' .. name .. '%f[^%w_]')
  local object = path and resolve(path, level + 1)
  local best = object ~= nil and nearest(name, object)
  return best and string.format('; did you mean %s%s%s?', path, separator, best) or ''
end

return hint
