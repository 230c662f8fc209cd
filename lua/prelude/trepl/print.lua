-- Torch's print: tables with their contents, tensors in tables by their size.
local color = require 'trepl.colorize'

local printer = {depth = 5}  -- levels of nested tables that are shown

local function hasText(object)
  local meta = debug.getmetatable(object)
  return type(meta) == 'table' and meta.__tostring ~= nil
end

-- `DoubleTensor - size: 2x3` for tensors and storages, else nil.
function printer.summary(object)
  local torch = package.loaded.torch
  local name = torch and torch.typename(object)
  if not name then return nil end
  local short = name:match('([^.]*)$')
  if torch.isTensor(object) then
    if object:dim() == 0 then return short .. ' - empty' end
    return short .. ' - size: ' .. table.concat(object:size():totable(), 'x')
  elseif torch.isStorage(object) then
    return short .. ' - size: ' .. #object
  end
end

-- The text of anything but a plain table. Strings get quotes, as they do inside tables.
local function describe(value)
  local kind = type(value)
  if kind == 'string' then return color.Black('"') .. color.green(value) .. color.Black('"') end
  if kind == 'number' then return color.cyan(value) end
  if kind == 'boolean' then return color.blue(value) end
  if kind == 'nil' then return color.Black(value) end
  if kind == 'function' or kind == 'thread' then return color.magenta(value) end
  local summary = printer.summary(value)
  return summary and color.red(summary) or tostring(value)
end

local function dump(t, level)
  local indent = string.rep(' ', 4 * level)
  if next(t) == nil then
    io.write(indent, '{}\n')
    return
  end
  io.write(indent, '{\n')
  for key, value in pairs(t) do
    io.write(indent, '  ', tostring(key), ' : ')
    if type(value) ~= 'table' or hasText(value) then
      io.write(describe(value), '\n')
    elseif next(value) == nil or level + 1 >= printer.depth then
      io.write('{...}\n')
    else
      io.write('\n')
      dump(value, level + 1)
    end
  end
  io.write(indent, '}\n')
end

-- Each argument by itself: tables and objects end their line, other values end with a tab.
function printer.print(...)
  local n = select('#', ...)
  for i = 1, n do
    local value = (select(i, ...))
    local kind = type(value)
    if kind == 'table' and not hasText(value) then
      dump(value, 0)
    elseif kind == 'table' or kind == 'userdata' or kind == 'cdata' then
      io.write(tostring(value), '\n')
    else
      io.write(kind == 'string' and value or describe(value), i < n and '\t' or '\t\n')
    end
  end
end

return printer
