-- torch.CmdLine: options and arguments of a script, names of experiments, and a log of what is printed.
local check = require 'cresset.check'
local torch = require 'torch'

local CmdLine = torch.class('torch.CmdLine')

-- A key without its leading dashes: the name of its parameter.
local function nameOf(key)
  return (key:gsub('^%-+', ''))
end

local function pad(text, width)
  return text .. string.rep(' ', width - #text)
end

-- argseparator stands between the parts, keyseparator between key and value of what `string` makes.
function CmdLine:__init(argseparator, keyseparator)
  self.argseparator = argseparator or ','
  self.keyseparator = keyseparator or '='
  self.options = {}    -- by key, dashes included
  self.arguments = {}  -- in order
  self.helplines = {}  -- texts, options and arguments as they were declared
  self.dateformat = nil
  self.silentio = false
end

function CmdLine:text(line)
  table.insert(self.helplines, check.optionalString(line, 'text', 1) or '')
end

function CmdLine:option(key, default, help, kind)
  check.string(key, 'option', 1)
  if default == nil then error('option ' .. key .. ' has no default value', 2) end
  kind = kind or type(default)
  if type(default) ~= kind then error('option ' .. key .. ' has wrong default type value', 2) end
  local option = {key = key, default = default, help = help, type = kind}
  table.insert(self.helplines, option)
  self.options[key] = option
end

function CmdLine:argument(key, help, kind)
  check.string(key, 'argument', 1)
  local argument = {key = key, help = help, type = kind}
  table.insert(self.helplines, argument)
  table.insert(self.arguments, argument)
end

function CmdLine:default()
  local params = {}
  for key, option in pairs(self.options) do params[nameOf(key)] = option.default end
  return params
end

-- The two readers put what stands at arg[i] into params and return how many words it took.
function CmdLine:__readOption__(params, arg, i)
  local option = self.options[arg[i]]
  if option.type == 'boolean' then
    params[nameOf(option.key)] = not option.default
    return 1
  end
  local value = arg[i + 1]
  if value == nil then self:error('missing argument for option ' .. option.key) end
  if option.type == 'number' then
    value = tonumber(value)
    if value == nil then self:error('invalid type for option ' .. option.key .. ' (should be number)') end
  elseif option.type ~= 'string' then
    self:error(('invalid type for option %s (a %s cannot be given as a word)'):format(option.key, option.type))
  end
  params[nameOf(option.key)] = value
  return 2
end

function CmdLine:__readArgument__(params, arg, i, nArgument)
  local argument = self.arguments[nArgument]
  local value = arg[i]
  if not argument then self:error('invalid argument: ' .. tostring(value)) end
  if argument.type == 'number' then
    value = tonumber(value)
    if value == nil then self:error('invalid type for argument ' .. argument.key .. ' (should be number)') end
  end
  params[nameOf(argument.key)] = value
  return 1
end

local kHelp = {['-h'] = true, ['-help'] = true, ['--help'] = true}

function CmdLine:parse(arg)
  check.table(arg, 'parse', 1)
  local params = self:default()
  local nArgument = 0
  local i = 1
  while i <= #arg do
    if kHelp[arg[i]] and not self.options[arg[i]] then
      self:help(arg)
      os.exit(0)
    end
    if self.options[arg[i]] then
      i = i + self:__readOption__(params, arg, i)
    else
      nArgument = nArgument + 1
      i = i + self:__readArgument__(params, arg, i, nArgument)
    end
  end
  if nArgument < #self.arguments then self:error('not enough arguments') end
  return params
end

-- The option whose parameter is called name.
function CmdLine:_optionNamed(name)
  if type(name) ~= 'string' then return nil end
  local option = self.options['-' .. name] or self.options['--' .. name] or self.options[name]
  if option then return option end
  for key, candidate in pairs(self.options) do
    if nameOf(key) == name then return candidate end
  end
end

local function textOf(value)
  if type(value) == 'boolean' then return value and 't' or 'f' end
  return tostring(value)
end

function CmdLine:string(prefix, params, ignore)
  check.table(params, 'string', 2)
  check.table(ignore, 'string', 3)
  local positions = {}
  for position, argument in ipairs(self.arguments) do positions[nameOf(argument.key)] = position end

  local arguments, options = {}, {}
  for name, value in pairs(params) do
    local part = tostring(name) .. self.keyseparator .. textOf(value)
    local option = self:_optionNamed(name)
    if ignore[name] then
      print('-- ignore option ' .. tostring(name))
    elseif option then
      if value ~= option.default or ignore[name] == false then
        print(name, value, option.default)
        table.insert(options, part)
      end
    elseif positions[name] then
      table.insert(arguments, {position = positions[name], text = part})
    else
      print('WARNING: no option or argument is called ' .. tostring(name) .. ', left out of the name')
    end
  end
  table.sort(options)
  table.sort(arguments, function(a, b) return a.position < b.position end)

  local parts = {prefix or ''}
  for _, argument in ipairs(arguments) do table.insert(parts, argument.text) end
  for _, option in ipairs(options) do table.insert(parts, option) end
  return table.concat(parts, self.argseparator)
end

function CmdLine:addTime(name, format)
  format = check.optionalString(format, 'addTime', 2) or '%Y-%m-%d %H:%M:%S'
  self.dateformat = format .. (name and '[' .. tostring(name):gsub('%%', '%%%%') .. ']: ' or ': ')
end

function CmdLine:silent()
  self.silentio = true
end

function CmdLine:log(file, params)
  local log, message = file, nil
  if io.type(file) ~= 'file' then
    log, message = io.open(check.string(file, 'log', 1), 'w')
    if not log then error('CmdLine:log: ' .. message, 2) end
  end
  local screen = print

  -- Each script that logs expects the global print to go to the file too.
  function _G.print(...)
    if not self.silentio then screen(...) end
    local words = {}
    for i = 1, select('#', ...) do words[i] = tostring((select(i, ...))) end
    if self.dateformat then log:write(os.date(self.dateformat)) end
    log:write(table.concat(words, '\t'), '\n')
    log:flush()  -- a run that is killed leaves its last line
  end

  print('[program started on ' .. os.date() .. ']')
  print('[command line arguments]')
  if params then
    local names = {}
    for name in pairs(params) do table.insert(names, name) end
    table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
    for _, name in ipairs(names) do print(name, params[name]) end
  end
  print('[----------------------]')
end

function CmdLine:help(arg)
  arg = arg or _G.arg
  io.write('Usage: ')
  if arg and arg[0] then io.write(arg[0], ' ') end
  io.write('[options]')
  for _, argument in ipairs(self.arguments) do io.write(' <', nameOf(argument.key), '>') end
  io.write('\n')

  local function label(line)
    return line.default ~= nil and line.key or '<' .. nameOf(line.key) .. '>'
  end
  local width = 0
  for _, line in ipairs(self.helplines) do
    if type(line) == 'table' then width = math.max(width, #label(line)) end
  end
  for _, line in ipairs(self.helplines) do
    if type(line) == 'table' then
      io.write('  ', pad(label(line), width))
      if line.help then io.write(' ', line.help) end
      if line.default ~= nil then io.write(' [', tostring(line.default), ']') end
    else
      io.write(line)
    end
    io.write('\n')
  end
end

function CmdLine:error(message)
  io.write('\n')
  io.flush()  -- the message goes another way and must not overtake
  io.stderr:write(message, '\n')
  io.write('\n')
  self:help()
  os.exit(1)
end

return torch.CmdLine
