-- Functions on global variables: who, import, monitor_G; and modules of penlight that load when first named.
local color = require 'trepl.colorize'
local globals = require 'cresset.globals'
local printer = require 'trepl.print'

local function summary(value)
  local kind = type(value)
  if kind == 'string' then return string.format('string of %d', #value) end
  if kind == 'number' or kind == 'boolean' then return kind .. ' ' .. tostring(value) end
  local torch = package.loaded.torch
  return printer.summary(value) or torch and torch.type(value) or kind
end

local function printGlobals(title, names)
  io.write(title, ':\n')
  local width = 0
  for _, name in ipairs(names) do width = math.max(width, #name) end
  for _, name in ipairs(names) do
    io.write('  ', name, string.rep(' ', width - #name + 2), color.Black(summary(rawget(_G, name))), '\n')
  end
end

-- Lists the user's globals, and with `system` the others as well.
function _G.who(system)
  if system then
    printGlobals('system variables', globals.list(function(name) return not globals.isUsers(name) end))
  end
  printGlobals('user variables', globals.list(globals.isUsers))
end

-- Requires a package and makes its fields globals. Existing globals stay unless `forced`.
function _G.import(package, forced)
  local module = require(package)
  local symbols = rawget(_G, package)
  if type(symbols) ~= 'table' then symbols = module end
  if type(symbols) ~= 'table' then return module end
  _G._torchimport = symbols
  for name, value in pairs(symbols) do
    if forced or rawget(_G, name) == nil then rawset(_G, name, value) end
  end
  return module
end

local kPenlight = {}
for name in ([[utils path dir tablex stringio sip input seq lexer stringx config pretty data func text operator lapp
    array2d comprehension xml types test app file class luabalanced permute template List Map Set OrderedMap MultiMap
    Date url compat]]):gmatch('%S+') do kPenlight[name] = true end

-- The penlight module of that name, or nil when there is none or penlight is not installed.
local function penlight(name)
  if not kPenlight[name] then return nil end
  local found, module = pcall(require, 'pl.' .. name)
  if not found then
    kPenlight[name] = nil  -- do not search again
    return nil
  end
  rawset(_G, name, module)
  return module
end

local monitor = nil  -- function(key, 'newindex' or 'index')

local function report(name, access, level)
  local info = debug.getinfo(level + 1, 'Sl')
  local where = info and info.currentline > 0 and info.short_src .. ':' .. info.currentline .. ': ' or ''
  local what = access == 'newindex' and 'new global variable ' or 'undeclared global variable '
  return where .. what .. tostring(name)
end

-- Watches global variables that appear or are read before they exist: prints them; with true, raises an error;
-- with a function, calls it with the name and 'newindex' or 'index'.
function _G.monitor_G(callback)
  if type(callback) == 'function' then
    monitor = callback
  elseif callback then
    monitor = function(name, access) error(report(name, access, 3), 0) end
  else
    monitor = function(name, access) io.write(report(name, access, 3), '\n') end
  end
end

local meta = getmetatable(_G) or {}

function meta.__index(_, name)
  local module = penlight(name)
  if module == nil and monitor then monitor(name, 'index') end
  return module
end

function meta.__newindex(t, name, value)
  if monitor then monitor(name, 'newindex') end
  rawset(t, name, value)
end

setmetatable(_G, meta)
