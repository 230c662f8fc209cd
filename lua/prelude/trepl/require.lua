-- Extends require: names that start with a dot are files near the calling one, data files included, and a name that
-- is found nowhere is looked for there as well.
local stockRequire = require

local function exists(file)
  return require('paths').filep(file)
end

-- How to load a file, by its extension.
local loaders = {}

function loaders.th(file)
  return require('torch').load(file)
end

function loaders.net(file)
  require 'nn'
  return require('torch').load(file)
end

function loaders.json(file)
  local handle = assert(io.open(file))
  local text = handle:read('*all')
  handle:close()
  return require('cjson').decode(text)
end

function loaders.csv(file)
  return require('csvigo').load{path = file, verbose = false}
end

function loaders.so(file)
  local name = file:match('([^/]*)%.so$'):gsub('[.-]', '_')
  local open, message = package.loadlib(file, 'luaopen_' .. name)
  if not open then error(message, 3) end
  return open(name)
end

-- The file that `path` stands for, or nil.
local function find(path)
  local function with(extension)
    return exists(path .. extension) and path .. extension
  end
  return with('.lua') or with('') or with('.th') or with('.net') or with('.json') or with('.csv') or with('.so') or
           with('/init.lua') or nil
end

local function load(file)
  local loader = loaders[file:match('%.([^./]*)$')]
  if loader then return loader(file) end
  return dofile(file)
end

-- The absolute name of a path relative to the file of the function at `level`; 1 is who asks.
local function near(path, level)
  local paths = require 'paths'
  local info = debug.getinfo(level + 1, 'S')
  local file = info and info.source:match('^@(.*)')
  return file and paths.concat(paths.dirname(file), path) or paths.concat(path)
end

-- The last searcher of the stock require. Level 3 is its caller: 1 is this function, 2 require.
local function searchNearby(name)
  local file = find(near(name, 3))
  if not file then return "\n\tno file './" .. name .. "'" end
  return function() return load(file) end
end

local function extendedRequire(name)
  if type(name) ~= 'string' or name:sub(1, 1) ~= '.' then return stockRequire(name) end
  local path = near(name, 2)
  local file = find(path)
  if not file then
    error(string.format("module '%s' not found: no file %s.lua, nor with th, net, json, csv, so", name, path), 2)
  end
  return load(file)
end

table.insert(package.loaders, searchNearby)

return extendedRequire
