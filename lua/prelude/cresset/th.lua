-- The program `th`: options, script, prompt. Returns a function that runs them and gives the exit status.
local hint = require 'cresset.hint'
local traceback = require 'cresset.traceback'

local kUsage = [=[
Usage: th [options] [script.lua [arguments]]
  -l name        load a library; a failure is printed and does not stop
  -e statement   run a statement and quit
  -i             go to the prompt after the script
  -g, -gg        report, or refuse, global variables that nobody declared
  -a             the prompt of the package async, if it is installed
  -x             load gfx.js, if it is installed
  -h             this text
  --ops-json     print the table of operations as JSON
Without a script: the prompt.
]=]

local function banner()
  local text = 'Cresset: scientific computing for LuaJIT. %s. Type ? for help, break or Ctrl-D to leave.'
  print(text:format(jit.version))
end

-- Runs f under the traceback handler; an error goes to `out`.
local function protected(out, f, ...)
  local ok, message = xpcall(f, traceback, ...)
  if not ok then out:write(message, '\n') end
  return ok
end

local function load(name)
  local ok, message = pcall(require, name)
  if not ok then io.stdout:write(('could not load %s: %s\n'):format(name, tostring(message))) end
end

local function monitorGlobals(raise)
  require 'trepl'
  monitor_G(raise or nil)
end

-- Trees of rocks for Lua 5.1, so that rocks which people have already are found: LuaRocks' own, the one that th was
-- installed with (penlight, lfs), and the system's. Debian keeps native rocks in a folder named for the machine.
local function addRocks()
  local home, program = os.getenv 'HOME', require('cresset.system').executable()
  local trees = {'/usr/local', '/usr'}
  if home then table.insert(trees, 1, home .. '/.luarocks') end
  if program then table.insert(trees, #trees, program:match '^(.*)/[^/]*/[^/]*$') end
  for _, tree in ipairs(trees) do
    package.path = package.path .. (';%s/share/lua/5.1/?.lua;%s/share/lua/5.1/?/init.lua'):format(tree, tree)
    package.cpath = package.cpath .. (';%s/lib/lua/5.1/?.so'):format(tree)
  end
  local machine = ({x64 = 'x86_64', arm64 = 'aarch64'})[jit.arch] or jit.arch
  package.cpath = package.cpath .. (';/usr/lib/%s-linux-gnu/lua/5.1/?.so'):format(machine)
end

-- What follows the script's name belongs to the script; arg[0] is th, as Torch7's scripts know it.
local function setArguments(from)
  local script = {[0] = arg[0], [-1] = arg[0]}
  for i = from + 1, #arg do script[i - from] = arg[i] end
  _G.arg = script
end

-- The prompt; the one of the package async goes on with its events while the user types.
local function prompt(asynchronous)
  if not asynchronous then return repl() end
  local found, async = pcall(require, 'async')
  if not found then
    io.stdout:write('could not load async: the usual prompt instead\n')
    return repl()
  end
  async.repl()
  async.go()
end

local function run()
  local interactive, asynchronous, statement, script = false, false, nil, nil
  addRocks()
  -- Before trepl takes stock of the globals that are not the user's.
  rawset(_G, 'help', function(name) return require('cresset.help')(name) end)
  local i = 1
  while arg[i] do
    local option = arg[i]
    if option == '-h' or option == '--help' then
      io.stdout:write(kUsage)
      return 0
    elseif option == '--ops-json' then
      io.stdout:write(require('cresset.torch').opsJson())
      return 0
    elseif option == '-i' or option == '--interactive' then
      interactive = true
    elseif option == '-e' then
      i = i + 1
      statement = arg[i]
      if not statement then
        io.stdout:write('Error: -e needs a statement\n', kUsage)
        return 0
      end
      break
    elseif option == '-l' then
      i = i + 1
      require 'trepl'
      load(arg[i] or '')
    elseif option:match '^%-l.' then
      require 'trepl'
      load(option:sub(3))
    elseif option == '-a' or option == '--async' then
      asynchronous = true
    elseif option == '-x' or option == '--gfx' then
      require 'trepl'
      pcall(require, 'gfx.js')
    elseif option == '-g' or option == '--globals' then
      monitorGlobals(false)
    elseif option == '-gg' or option == '--gglobals' then
      monitorGlobals(true)
    elseif option:match '^%-' then
      io.stdout:write(('Error: unrecognized flag --%s\n'):format((option:gsub('^%-+', ''))), kUsage)
      return 0
    else
      script = option
      break
    end
    i = i + 1
  end

  require 'trepl'
  if statement then
    hint.texts['=(command line)'] = statement
    local chunk, message = loadstring(statement, '=(command line)')
    if chunk then protected(io.stdout, chunk) else io.stdout:write(message, '\n') end
    if not interactive then return 0 end
  elseif script then
    local startup = os.getenv 'TREPLSTARTUP'
    if startup and startup ~= '' and not interactive then protected(io.stderr, dofile, startup) end
    setArguments(i)
    io.stdout:flush()
    local ok, message = xpcall(dofile, traceback, script)
    if not ok then
      io.stdout:flush()
      io.stderr:write('luajit: ', message, '\n')
      if not interactive then return 1 end
    elseif not interactive then
      return 0
    end
  else
    setArguments(#arg)
    banner()
  end
  prompt(asynchronous)
  return 0
end

return run
