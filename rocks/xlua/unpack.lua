-- Named and positional arguments for functions: xlua.usage, xlua.unpack, xlua.unpack_class, xlua.usage_module.
local check = require 'cresset.check'

local kMostArguments = 64

-- Arguments by position may have no name.
local function argumentLine(definition)
  local name = tostring(definition.arg or '')
  if definition.arg and not definition.req then name = '[' .. name .. ']' end
  local line = string.format('  %-16s %-12s', name, tostring(definition.type or ''))
  if definition.help then line = line .. ' ' .. definition.help end
  if definition.default ~= nil then
    line = line .. ' (default: ' .. tostring(definition.default) .. ')'
  elseif definition.defaulta then
    line = line .. ' (default: that of ' .. tostring(definition.defaulta) .. ')'
  end
  return (line:gsub('%s+$', ''))
end

-- Text that explains a function. The further arguments define its arguments as in unpack.
local function usage(fname, description, example, ...)
  local lines = {tostring(fname)}
  if description then lines[#lines + 1] = '  ' .. description end
  if select('#', ...) > 0 then lines[#lines + 1] = 'arguments:' end
  for i = 1, select('#', ...) do lines[#lines + 1] = argumentLine((select(i, ...))) end
  if example then lines[#lines + 1] = 'example:\n  ' .. tostring(example) end
  return table.concat(lines, '\n')
end

-- Named arguments come as one plain table without an array part; a Torch object is a value.
local function isNamed(args)
  local first = args[1]
  if #args ~= 1 or type(first) ~= 'table' or require('torch').typename(first) then return false end
  return #first == 0
end

-- The values of `definitions`, by position and name. Raises at the caller of the function that was called wrongly.
local function parse(args, fname, description, definitions, level)
  local function text() return usage(fname, description, nil, unpack(definitions)) end
  local function refuse(reason)
    print(text())
    error(tostring(fname) .. ': ' .. reason, level + 1)
  end
  if next(args) == nil then refuse('expected arguments, got none') end

  local named = isNamed(args) and args[1]
  local values = setmetatable({}, {__index = function(_, key) return key == 'usage' and text() or nil end})
  for i, definition in ipairs(definitions) do
    local value
    local name = definition.arg
    if not named then value = args[i] elseif name ~= nil then value = named[name] end
    if value == nil then value = definition.default end
    if value == nil and definition.defaulta then value = values[definition.defaulta] end
    if value == nil and definition.req then
      refuse(string.format('argument %d (%s): expected %s, got nil', i, tostring(name),
                           tostring(definition.type or 'a value')))
    end
    values[i] = value
    if name ~= nil then values[name] = value end
  end
  return values
end

local function unpackArguments(args, fname, description, ...)
  check.table(args, 'unpack', 1)
  local definitions = {...}
  local values = parse(args, fname, description, definitions, 3)
  return values, unpack(values, 1, math.min(#definitions, kMostArguments))
end

-- As unpack, and stores the values as fields of object.
local function unpackClass(object, args, fname, description, ...)
  check.table(args, 'unpack_class', 2)
  local definitions = {...}
  local values = parse(args, fname, description, definitions, 3)
  for _, definition in ipairs(definitions) do
    if definition.arg ~= nil then object[definition.arg] = values[definition.arg] end
  end
  return values, unpack(values, 1, math.min(#definitions, kMostArguments))
end

-- Makes tostring(module) explain it: its description and the names in it.
local function usageModule(module, name, description)
  check.table(module, 'usage_module', 1)
  local meta = getmetatable(module) or {}
  function meta.__tostring()
    local names = {}
    for key in next, module do names[#names + 1] = tostring(key) end
    table.sort(names)
    return string.format('%s\n  %s\ncontains:\n  %s', tostring(name), tostring(description or ''),
                         table.concat(names, '\n  '))
  end
  setmetatable(module, meta)
end

return {usage = usage, unpack = unpackArguments, unpack_class = unpackClass, usage_module = usageModule}
