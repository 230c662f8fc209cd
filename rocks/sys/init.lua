-- The package `sys`: clock, pauses, shell commands.
local check = require 'cresset.check'
local paths = require 'paths'
local system = require 'cresset.system'

local sys = {
  COLORS = require 'sys.colors',
  clock = system.clock,
  concat = paths.concat,
  dirname = paths.dirname,
  fpath = require 'sys.fpath',
  sleep = system.sleep,
  -- The program stands in <prefix>/bin; a program elsewhere has no prefix to speak of.
  prefix = type(arg) == 'table' and type(arg[0]) == 'string' and arg[0]:match('^(.*)/bin/[^/]*$') or '',
}

local started = system.ticks()

function sys.tic()
  started = system.ticks()
end

function sys.toc(verbose)
  local elapsed = system.ticks() - started
  if verbose then print(elapsed) end
  return elapsed
end

function sys.usleep(microseconds)
  system.sleep(check.number(microseconds, 'usleep', 1) * 1e-6)
end

local function trim(text)
  return text:match('^%s*(.-)%s*$')
end

function sys.execute(command)
  command = check.string(command, 'execute', 1)
  -- A newline ends the command, so that a trailing comment in it does not swallow the parenthesis.
  local pipe = assert(io.popen('(' .. command .. '\n) 2>&1'))
  local output = pipe:read('*all')
  pipe:close()
  return trim(output)
end

function sys.fexecute(command, readwhat)
  command = check.string(command, 'fexecute', 1)
  local name = system.temporaryName()
  os.execute('(' .. command .. '\n) > ' .. name .. ' 2>&1')
  local file = assert(io.open(name))
  local output = file:read(readwhat or '*all')
  file:close()
  os.remove(name)
  return type(output) == 'string' and trim(output) or output
end

-- The argument goes to the shell as it is: scripts pass patterns and options in it.
local function lister(name, command)
  return function(what)
    what = check.optionalString(what, name, 1)
    return sys.execute(what and command .. ' ' .. what or command)
  end
end

sys.ls = lister('ls', 'ls')
sys.ll = lister('ll', 'ls -l')
sys.la = lister('la', 'ls -a')
sys.lla = lister('lla', 'ls -la')

local kNames = {Linux = 'linux', Darwin = 'macos', Windows = 'windows'}

function sys.uname()
  return kNames[system.uname()] or '?'
end

sys.OS = sys.uname()

function sys.split(text, pattern)
  text = check.string(text, 'split', 1)
  pattern = check.string(pattern, 'split', 2)
  local pieces = {}
  local position = 1
  local first, last = text:find(pattern, position)
  while first and last >= first do  -- an empty match separates nothing
    pieces[#pieces + 1] = text:sub(position, first - 1)
    position = last + 1
    first, last = text:find(pattern, position)
  end
  if position <= #text then pieces[#pieces + 1] = text:sub(position) end
  return pieces
end

function sys.isNaN(x)
  return x ~= x
end

_G.sys = sys
return sys
