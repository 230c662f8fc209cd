-- Argument checks for library functions written in Lua, with the messages that C functions give.
local check = {}

-- Raises `bad argument #position to 'name' (reason)` at the caller of the function that calls check.
local function fail(name, position, reason)
  error(string.format("bad argument #%d to '%s' (%s)", position, name, reason), 4)
end

function check.argument(condition, name, position, reason)
  if not condition then fail(name, position, reason) end
end

-- Returns value as a string; a number is one, as it is for Lua's own functions.
function check.string(value, name, position)
  if type(value) == 'string' then return value end
  if type(value) == 'number' then return tostring(value) end
  fail(name, position, 'string expected, got ' .. (value == nil and 'no value' or type(value)))
end

function check.optionalString(value, name, position)
  if value == nil or type(value) == 'string' then return value end
  if type(value) == 'number' then return tostring(value) end
  fail(name, position, 'string expected, got ' .. type(value))
end

function check.number(value, name, position)
  local number = tonumber(value)
  if number then return number end
  fail(name, position, 'number expected, got ' .. (value == nil and 'no value' or type(value)))
end

function check.table(value, name, position)
  if type(value) == 'table' then return value end
  fail(name, position, 'table expected, got ' .. (value == nil and 'no value' or type(value)))
end

return check
