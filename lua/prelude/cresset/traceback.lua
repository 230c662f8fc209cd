-- The message handler of `th`: an error's text and where in the user's code it happened.
local frames = require 'cresset.frames'
local hint = require 'cresset.hint'

local kShown = 22  -- frames; a deeper stack loses its middle

local function shorten(lines)
  if #lines <= kShown then return lines end
  local half = kShown / 2
  local short = {}
  for i = 1, half - 1 do short[i] = lines[i] end
  short[half] = '...'
  for i = #lines - half + 1, #lines do short[#short + 1] = lines[i] end
  return short
end

local function textOf(message)
  if type(message) == 'string' then return message end
  local meta = debug.getmetatable(message)
  if type(message) == 'number' or (type(meta) == 'table' and meta.__tostring) then return tostring(message) end
  return string.format('(error object is a %s value)', type(message))
end

-- Returns message with `stack traceback:` and the frames from `level` on; by default those of the function that
-- raised the error, as xpcall's handler needs it.
local function traceback(message, level)
  level = type(level) == 'number' and level or 1
  local text = textOf(message)
  if type(message) == 'string' then text = text .. hint.forMessage(message, level + 1) end
  local lines = frames(level + 1)
  if #lines == 0 then return text end
  return text .. '\nstack traceback:\n\t' .. table.concat(shorten(lines), '\n\t')
end

return traceback
