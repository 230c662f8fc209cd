-- fail(message): raises an error at the user's line, however many of the interpreter's own functions lie between.
local function fail(message)
  local level = 2
  local info = debug.getinfo(level, 'S')
  while info and (info.what == 'C' or info.source:sub(1, 9) == '@cresset/') do
    level = level + 1
    info = debug.getinfo(level, 'S')
  end
  error(message, info and level or 0)
end

return fail
