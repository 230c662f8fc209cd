-- Returns the constructor of xlua.OptionParser: command-line options in the way of getopt_long.
local check = require 'cresset.check'

local OptionParser = {}
OptionParser.__index = OptionParser

-- In usage, %prog stands for the name of the script. Scripts also pass {usage = text}.
local function new(usage)
  if type(usage) == 'table' then usage = usage.usage end
  local parser = setmetatable({usage = check.optionalString(usage, 'OptionParser', 1) or '%prog [options]',
                               descriptions = {}, byFlag = {}, options = {}}, OptionParser)
  parser:option{'-h', '--help', action = 'help', dest = 'help', help = 'show this help message and exit'}
  return parser
end

local kTakesNoValue = {store_true = true, store_false = true, help = true}

-- Declares an option: {'-x', '--xname', action='store', dest=key, default=v, req=bool, help=text, metavar=M}.
function OptionParser:option(description)
  check.table(description, 'option', 1)
  check.argument(type(description[1]) == 'string', 'option', 1, 'a flag such as -x expected')
  description.action = description.action or 'store'
  description.dest = description.dest or (description[#description]:gsub('^%-+', ''))
  table.insert(self.descriptions, description)
  for _, flag in ipairs(description) do self.byFlag[flag] = description end
end

function OptionParser:fail(message)
  io.stdout:flush()
  io.stderr:write(tostring(message), '\n')
  self:help()
  os.exit(1)
end

-- Reads the option at words[i] and returns the place of the last word that it took.
function OptionParser:_read(options, words, i)
  local flag, value = words[i]:match('^(%-%-?[^=]+)=(.*)$')
  flag = flag or words[i]
  local description = self.byFlag[flag]
  if not description then self:fail('invalid option: ' .. words[i]) end
  if description.action == 'help' then
    self:help()
    os.exit(0)
  elseif kTakesNoValue[description.action] then
    if value then self:fail('option takes no value: ' .. words[i]) end
    options[description.dest] = description.action == 'store_true'
    return i
  end
  if value == nil then
    i = i + 1
    value = words[i]
    if value == nil then self:fail('missing value for option: ' .. flag) end
  end
  options[description.dest] = value
  return i
end

-- Parses the global `arg`. Returns the options by key, on top of those in `defaults`, and the other arguments.
function OptionParser:parse(defaults)
  local words = rawget(_G, 'arg')
  local options, rest = {}, {}
  for key, value in pairs(defaults or {}) do options[key] = value end
  for _, description in ipairs(self.descriptions) do
    if options[description.dest] == nil then options[description.dest] = description.default end
  end
  options.__main__ = words ~= nil
  local i = 1
  while words and words[i] do
    if words[i]:match('^%-.') then
      i = self:_read(options, words, i)
    else
      table.insert(rest, words[i])
    end
    i = i + 1
  end
  for _, description in ipairs(self.descriptions) do
    if description.req and options[description.dest] == nil then
      self:fail('missing required option: ' .. self:flags(description))
    end
  end
  self.options = options
  return options, rest
end

-- The flags of an option as help shows them: `-x X, --xname=X`.
function OptionParser:flags(description)
  local shown = {}
  for i, flag in ipairs(description) do
    if kTakesNoValue[description.action] then
      shown[i] = flag
    else
      local metavar = description.metavar or description.dest:upper()
      shown[i] = flag .. (flag:sub(1, 2) == '--' and '=' or ' ') .. metavar
    end
  end
  return table.concat(shown, ', ')
end

function OptionParser:help()
  local program = type(rawget(_G, 'arg')) == 'table' and arg[0] or 'script'
  io.write('Usage: ', (self.usage:gsub('%%prog', function() return program end)), '\n\nOptions:\n')
  local width = 0
  for _, description in ipairs(self.descriptions) do width = math.max(width, #self:flags(description)) end
  for _, description in ipairs(self.descriptions) do
    local flags = self:flags(description)
    local line = '  ' .. flags .. string.rep(' ', width - #flags + 2) .. (description.help or '')
    if description.default ~= nil then line = line .. ' [' .. tostring(description.default) .. ']' end
    io.write((line:gsub('%s+$', '')), '\n')
  end
  io.flush()
end

-- Prints the keys and values that parse found: one per line, or on one line when compact.
function OptionParser:summarize(compact)
  local parts = {}
  for _, description in ipairs(self.descriptions) do
    local value = self.options[description.dest]
    if value ~= nil then parts[#parts + 1] = description.dest .. (compact and '=' or ' : ') .. tostring(value) end
  end
  io.write(table.concat(parts, compact and ', ' or '\n'), '\n')
end

local function isAmong(description, keys)
  if keys[description.dest] then return true end
  for _, flag in ipairs(description) do
    if keys[flag] then return true end
  end
  return false
end

-- The values as one text; asFilename leaves out what a file name cannot hold. `keys`, the `dest` or the flags of
-- options, restricts it to these.
function OptionParser:tostring(asFilename, keys)
  local chosen
  if keys then
    chosen = {}
    for _, key in ipairs(keys) do chosen[key] = true end
  end
  local parts = {}
  for _, description in ipairs(self.descriptions) do
    local value = self.options[description.dest]
    if value ~= nil and (not chosen or isAmong(description, chosen)) then
      parts[#parts + 1] = description.dest .. '=' .. tostring(value)
    end
  end
  if asFilename then return (table.concat(parts, ','):gsub('[^%w%-_=.,]', '_')) end
  return table.concat(parts, ', ')
end

return new
