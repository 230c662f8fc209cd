-- The read-eval-print loop. It knows no terminal: lines come from a function, results go to print and io.write.
local color = require 'trepl.colorize'
local echo = require 'trepl.echo'
local hint = require 'cresset.hint'
local traceback = require 'cresset.traceback'

local kPrompt = 'th> '
local kContinuation = '..> '
local kTimeColumn = 70

local kHelp = [[
  expression        its value is printed; end the line with ; to keep it quiet
  _, _LAST          the last value; _RESULTS has all of them
  ? name            help on a function, class or package: ? torch.add
  $ command         a shell command: $ ls
  who()             your variables
  import 'package'  makes the functions of a package global
  break             leaves the prompt, exit leaves the program
]]

local kShellAliases = {ll = 'ls -l', la = 'ls -a', lla = 'ls -la'}

-- Prompts that were copied along with a line from an earlier session.
local function withoutPrompts(line)
  repeat
    local count
    line, count = line:gsub('^%s*th> ?', '')
    local more
    line, more = line:gsub('^%s*%.%.> ?', '')
  until count + more == 0
  return line
end

local shortcut  -- what `_` was set to here: scripts have a `_` of their own, as in `_, index = x:max(1)`

local function remember(value)
  table.insert(_G._RESULTS, value)
  rawset(_G, '_LAST', value)
  rawset(_G, '_RESULT', value)
  local current = rawget(_G, '_')
  if current ~= nil and not rawequal(current, shortcut) then return end
  rawset(_G, '_', value)
  shortcut = value
end

-- Not just `return <text>`: an error in a call that is a tail call has lost its place.
local function compileExpression(text)
  local expression = text:gsub('^%s*=', '', 1)
  local start = 'return (function(...) return ... end)('
  -- On a line of its own only behind a comment: errors name the line of the bracket.
  return loadstring(start .. expression .. ')', '=stdin') or loadstring(start .. expression .. '\n)', '=stdin')
end

-- Returns the chunk, and whether it has values to show; or nil and the message of the compiler.
local function compile(text)
  local silent = text:match('^(.*);%s*$')
  local chunk = not silent and not text:match('^%s*print%f[%W]') and compileExpression(text)
  if chunk then return chunk, true end
  local message
  chunk, message = loadstring(text, '=stdin')
  if not chunk and silent then chunk = compileExpression(silent) end  -- `x;` is no statement of Lua
  if chunk then return chunk, false end
  return nil, message
end

local function endsTooEarly(message)
  return message ~= nil and message:match("<eof>'?$") ~= nil
end

-- `{1,` and `x +` begin an expression, but no statement.
local function isIncomplete(text, message)
  if endsTooEarly(message) then return true end
  local _, other = loadstring('return ' .. text:gsub('^%s*=', '', 1))
  return endsTooEarly(other)
end

local function show(hasValues, ended, ...)
  if not ended then
    io.write(color.red((...)), '\n')
    return
  end
  local n = select('#', ...)
  if not hasValues or n == 0 then return end
  local shown = {}
  for i = 1, n do shown[i] = echo((select(i, ...))) end
  print(unpack(shown, 1, n))
  remember((...))  -- last: `_RESULTS` shows what came before it
end

local function evaluate(chunk, hasValues)
  local system = require 'cresset.system'
  local start = system.ticks()
  show(hasValues, xpcall(chunk, traceback))
  io.write(string.rep(' ', kTimeColumn), color.Black(string.format('[%.4fs]', system.ticks() - start)), '\n')
  io.flush()
end

local function shell(command)
  command = command:match('^%s*(.-)%s*$')
  local word, rest = command:match('^(%S+)(.*)$')
  if kShellAliases[word] then command = kShellAliases[word] .. rest end
  local output = require('sys').execute(command)
  remember(output)
  print(output)
end

local function help(topic, options)
  if topic == '' then
    io.write(kHelp)
  elseif options.help then
    options.help(topic)
  else
    io.write('no help on ', topic, '\n')
  end
end

-- Reads lines after `text` until it compiles, is wrong however it goes on, or an empty line comes.
local function evaluateLines(text, options)
  local chunk, info = compile(text)
  while not chunk and isIncomplete(text, info) do
    local line = options.readline(kContinuation)
    if line == false then return end  -- Ctrl-C drops the lines
    line = line and withoutPrompts(line)
    if not line or line == '' then break end
    options.addHistory(line)
    text = text .. '\n' .. line
    chunk, info = compile(text)
  end
  if chunk then
    hint.texts['=stdin'] = text
    evaluate(chunk, info)
  else
    io.write(color.red('syntax error: ' .. info), '\n')
  end
end

local function confirmsExit(options)
  local answer = options.readline('Do you really want to exit ([y]/n)? ')
  if answer == false then return false end  -- Ctrl-C
  return answer == nil or answer:match('^%s*[nN]') == nil
end

-- Obeys one line; returns 'break' or 'exit' when it ends the loop.
local function obey(line, options)
  local text = line and withoutPrompts(line)
  local command = text and text:match('^%s*(.-)%s*$')
  if command and command ~= '' then options.addHistory(text) end
  if line == nil then
    io.write('\n')
    if confirmsExit(options) then return 'exit' end
  elseif command == 'exit' then
    if confirmsExit(options) then return 'exit' end
  elseif command == 'break' then
    return 'break'
  elseif command and command:match('^%$') then
    shell(command:sub(2))
  elseif command and command:match('^%?') then
    help(command:match('^%?%s*(.-)$'), options)
  elseif command and command ~= '' then
    evaluateLines(text, options)
  end
end

-- Runs the loop until the user leaves it; returns 'break' or 'exit', as the user said.
--   options.readline(prompt)   returns a line, nil at the end of the input, false for Ctrl-C
--   options.addHistory(line)   is told what was entered
--   options.help(topic)        optional: prints help
local function run(options)
  if rawget(_G, '_RESULTS') == nil then rawset(_G, '_RESULTS', {}) end
  local outcome
  repeat
    local line = options.readline(kPrompt)
    -- What may fail here is outside of the evaluation: a __tostring of the user's, or Ctrl-C at its very end.
    local ended, result = xpcall(function() return obey(line, options) end, traceback)
    if ended then
      outcome = result
    else
      io.write(color.red((result:gsub('^cresset/%S+:%d+: ', ''))), '\n')  -- a place in this file helps nobody
    end
  until outcome
  return outcome
end

return run
