-- The user's part of the call stack, for error messages.
--
-- Code that comes with the interpreter (its chunk names start with `@cresset/`) is left out, and so are C functions
-- that such code called and those below the first Lua function: nobody can do anything about them.
local function describe(info)
  local place = info.short_src .. ':'
  if info.currentline > 0 then place = place .. info.currentline .. ':' end
  if info.namewhat ~= '' then return string.format("%s in function '%s'", place, info.name) end
  if info.what == 'main' then return place .. ' in main chunk' end
  if info.what == 'C' then return place .. ' in ?' end
  return string.format('%s in function <%s:%d>', place, info.short_src, info.linedefined)
end

-- Returns an array of descriptions, innermost first. Level 1 is the caller of frames.
local function frames(level)
  local shown = {}
  local native = {}  -- C functions whose Lua caller is not known yet
  level = level + 1
  local info = debug.getinfo(level, 'Sln')
  while info do
    if info.what == 'C' then
      native[#native + 1] = describe(info)
    else
      if info.source:sub(1, 9) ~= '@cresset/' then
        for _, line in ipairs(native) do shown[#shown + 1] = line end
        shown[#shown + 1] = describe(info)
      end
      native = {}
    end
    level = level + 1
    info = debug.getinfo(level, 'Sln')
  end
  return shown
end

return frames
