-- The package `xlua`: printing, progress, arguments, options, globals, and some functions that Lua lacks.
local check = require 'cresset.check'
local globals = require 'cresset.globals'
local colors = require 'sys.colors'
local paths = require 'paths'
local arguments = require 'xlua.unpack'
require 'sys'
require 'torch'
require 'xlua.extensions'

local xlua = {
  formatTime = require 'xlua.formatTime',
  progress = require 'xlua.progress',
  unpack = arguments.unpack,
  unpack_class = arguments.unpack_class,
  usage = arguments.usage,
  usage_module = arguments.usage_module,
}

-- Loaded when they are first called: few scripts use them.
function xlua.OptionParser(...) return require('xlua.OptionParser')(...) end
function xlua.Profiler(...) return require('xlua.Profiler')(...) end

local kTextShown = 40  -- characters

local function shortText(value)
  local text = tostring(value)
  if type(value) == 'string' and #text > kTextShown then text = text:sub(1, kTextShown) .. '...' end
  return text
end

local function writeLine(...)
  local words = {}
  for i = 1, select('#', ...) do words[i] = tostring((select(i, ...))) end
  io.write(table.concat(words, '\t'), '\n')
end

-- Writes a table without what its entries contain, then the other arguments on a line.
function xlua.print(object, ...)
  local meta = getmetatable(object)
  if type(object) ~= 'table' or (type(meta) == 'table' and meta.__tostring) then
    writeLine(object, ...)
    return
  end
  local entries = {}
  for key, value in pairs(object) do
    entries[#entries + 1] = string.format('[%s] = %s', tostring(key), shortText(value))
  end
  io.write('{', table.concat(entries, ',\n'), '}\n')
  if select('#', ...) > 0 then writeLine(...) end
end

-- From now on io.write goes to a file, too, and so does print, which becomes xlua.print. Makes the file's folder.
function xlua.log(name, append)
  paths.mkdir(paths.dirname(check.string(name, 'log', 1)))
  local file, message = io.open(name, append and 'a' or 'w')
  if not file then error('xlua.log: ' .. message, 2) end
  local write = io.write
  function io.write(...)
    file:write(...)
    file:flush()
    return write(...)
  end
  _G.print = xlua.print
end

function xlua.clear(name)
  if type(name) ~= 'string' then error('xlua.clear: argument 1 (name): expected string, got ' .. type(name), 2) end
  _G[name] = nil
  collectgarbage()
end

function xlua.clearall()
  for _, name in ipairs(globals.list(globals.isUsers)) do _G[name] = nil end
  collectgarbage()
end

function xlua.who()
  local variables = {}
  for _, name in ipairs(globals.list(globals.isUsers)) do variables[name] = _G[name] end
  io.write('Global Libs:\n')
  xlua.print(globals.list(function(name) return type(_G[name]) == 'table' and package.loaded[name] ~= nil end))
  io.write('Global Vars:\n')
  xlua.print(variables)
end

function xlua.error(message, domain, usage)
  local text = domain and string.format('<%s> %s', domain, tostring(message)) or tostring(message)
  if usage then text = text .. '\n' .. tostring(usage) end
  error(colors.red .. text .. colors.none, 2)
end

function xlua.trycatch(try, catch)
  local ended, err = pcall(try)
  if not ended then catch(err) end
end

-- Whether require would find a module, and where.
function xlua.installed(name)
  name = check.string(name, 'installed', 1)
  local file = package.searchpath(name, package.path) or package.searchpath(name, package.cpath)
  if file then return true, file end
  for _, loader in ipairs(package.loaders) do  -- modules inside the interpreter have no file
    local chunk = loader(name)
    if type(chunk) == 'function' then return true, '(built in)' end
  end
  return false, nil
end

-- The module, or false after a warning.
function xlua.require(name)
  local found, module = pcall(require, name)
  if found then return module end
  print(colors.red .. 'warning: ' .. colors.none .. 'could not load ' .. tostring(name) .. ': ' .. tostring(module))
  return false
end

local function literal(value, newline, indent)
  if type(value) == 'table' then return xlua.table2string(value, newline, indent) end
  return type(value) == 'string' and not newline and '"' .. value .. '"' or tostring(value)
end

-- `{1,"a",b=2}`, or with newline an indented line `k : v` for each entry.
function xlua.table2string(t, newline, indent)
  check.table(t, 'table2string', 1)
  indent = indent or ''
  local entries = {}
  if newline then
    for key, value in pairs(t) do
      local text = literal(value, true, indent .. '  ')
      if type(value) == 'table' then text = '\n' .. text end
      entries[#entries + 1] = indent .. tostring(key) .. ' : ' .. text
    end
    return table.concat(entries, '\n')
  end
  for _, value in ipairs(t) do entries[#entries + 1] = literal(value) end
  local nListed = #entries
  for key, value in pairs(t) do
    local listed = type(key) == 'number' and key >= 1 and key <= nListed and key % 1 == 0
    if not listed then
      local name = type(key) == 'string' and key or '[' .. tostring(key) .. ']'
      entries[#entries + 1] = name .. '=' .. literal(value)
    end
  end
  return '{' .. table.concat(entries, ',') .. '}'
end

local kTrue = {['true'] = true, ['1'] = true, yes = true, on = true}

-- A copy of defaults in which environment variables replace the values that they name, with their types.
function xlua.envparams(defaults)
  local params = {}
  for name, default in pairs(check.table(defaults, 'envparams', 1)) do
    local text = type(name) == 'string' and os.getenv(name)
    local value = default
    if text then
      if type(default) == 'number' then
        value = tonumber(text)
        if not value then error(string.format('xlua.envparams: %s: expected number, got %s', name, text), 2) end
      elseif type(default) == 'boolean' then
        value = kTrue[text:lower()] or false
      else
        value = text
      end
    end
    params[name] = value
  end
  return params
end

_G.xlua = xlua
_G.xprint = xlua.print
_G.xerror = xlua.error
_G.xrequire = xlua.require
globals.remember()

return xlua
