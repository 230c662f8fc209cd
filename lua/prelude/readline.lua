-- The module `readline`: lines from the keyboard, with editing and history where the terminal allows.
local system = require 'cresset.system'

local readline = {}

local kHistoryLines = 10000  -- what is read from the file; it grows by what is typed

local editor = nil    -- cresset.lineedit when a terminal is there and libedit is found
local history = {}    -- lines
local appended = nil  -- file that receives each line

-- Prepares the terminal. complete(word, line) returns an array of completions. Returns whether lines can be edited.
function readline.setup(complete)
  if editor or not (system.isTerminal(io.stdin) and system.isTerminal(io.stdout)) then return editor ~= nil end
  local lineedit = require 'cresset.lineedit'
  if not lineedit.open() then return false end
  editor = lineedit
  if complete then editor.setCompleter(complete) end
  return true
end

-- Returns a line, nil at the end of the input, or false when Ctrl-C was pressed.
function readline.readline(prompt)
  if editor then return editor.readline(prompt) end
  io.write(prompt)
  io.flush()
  local line, _, code = io.read()
  local kInterrupted = 4  -- EINTR
  if line == nil and code == kInterrupted then return false end
  return line
end

function readline.add_history(line)
  if line == '' or line == history[#history] then return end
  history[#history + 1] = line
  if editor then editor.addHistory(line) end
  if appended then
    local file = io.open(appended, 'a')  -- at once, so that a crash loses nothing
    if file then
      file:write(line, '\n')
      file:close()
    end
  end
end

-- Reads lines of earlier sessions. With `append`, the lines of this one are added to the file as they come.
function readline.read_history(name, append)
  local file = io.open(name)
  if file then
    local lines = {}
    for line in file:lines() do lines[#lines + 1] = line end
    file:close()
    for i = math.max(1, #lines - kHistoryLines + 1), #lines do readline.add_history(lines[i]) end
  end
  if append then appended = name end
end

function readline.write_history(name)
  local file, message = io.open(name, 'w')
  if not file then return nil, message end
  for _, line in ipairs(history) do file:write(line, '\n') end
  file:close()
  return true
end

return readline
