-- The package `paths`: names of files, directories, and what is in them.
local check = require 'cresset.check'
local system = require 'cresset.system'

local paths = {
  home = os.getenv('HOME') or '.',
  cwd = system.currentDirectory,
  mkdir = system.makeDirectories,
  rmdir = system.removeDirectory,
  tmpname = system.temporaryName,
  uname = system.uname,
}

-- Without its trailing slashes, except for the root.
local function trimmed(path)
  return path:match('^(.-)/+$') or path
end

function paths.basename(path, suffix)
  path = check.string(path, 'basename', 1)
  suffix = check.optionalString(suffix, 'basename', 2)
  local short = trimmed(path)
  if short == '' then return path == '' and '' or '/' end
  local name = short:match('[^/]*$')
  if suffix and suffix ~= '' then
    if suffix:sub(1, 1) ~= '.' then suffix = '.' .. suffix end
    if #name > #suffix and name:sub(-#suffix) == suffix then name = name:sub(1, -#suffix - 1) end
  end
  return name
end

function paths.dirname(path)
  path = trimmed(check.string(path, 'dirname', 1))
  if path == '' then return '/' end
  local parent = path:match('^(.*)/')
  if not parent then return '.' end
  parent = trimmed(parent)
  return parent == '' and '/' or parent
end

function paths.extname(path)
  return check.string(path, 'extname', 1):match('%.([^./]*)$')
end

function paths.concat(...)
  local parts = {}
  local function append(path)
    if path:sub(1, 1) == '/' then parts = {} end
    for part in path:gmatch('[^/]+') do
      if part == '..' then
        parts[#parts] = nil
      elseif part ~= '.' then
        parts[#parts + 1] = part
      end
    end
  end
  append(assert(system.currentDirectory()))
  for i = 1, select('#', ...) do append(check.string(select(i, ...), 'concat', i)) end
  return '/' .. table.concat(parts, '/')
end

function paths.filep(path)
  local kind = system.kind(check.string(path, 'filep', 1))
  return kind ~= nil and kind ~= 'directory'
end

function paths.dirp(path)
  return system.kind(check.string(path, 'dirp', 1)) == 'directory'
end

function paths.dir(directory)
  local names = system.list(check.string(directory, 'dir', 1))
  return names  -- one value: not the message
end

-- Iterates over the names that accept(name) lets through.
local function iterate(directory, accept)
  local names = system.list(directory) or {}
  local i = 0
  return function()
    repeat
      i = i + 1
    until names[i] == nil or accept(names[i])
    return names[i]
  end
end

function paths.files(directory, filter)
  check.string(directory, 'files', 1)
  if filter == nil then
    return iterate(directory, function() return true end)
  elseif type(filter) == 'string' then
    return iterate(directory, function(name) return name:find(filter) end)
  end
  check.argument(type(filter) == 'function', 'files', 2, 'pattern or function expected, got ' .. type(filter))
  return iterate(directory, filter)
end

function paths.iterfiles(directory)
  check.string(directory, 'iterfiles', 1)
  return iterate(directory, function(name) return system.kind(directory .. '/' .. name) ~= 'directory' end)
end

function paths.iterdirs(directory)
  check.string(directory, 'iterdirs', 1)
  return iterate(directory, function(name)
    return name ~= '.' and name ~= '..' and system.kind(directory .. '/' .. name) == 'directory'
  end)
end

function paths.rmall(path, confirmation)
  path = check.string(path, 'rmall', 1)
  if confirmation ~= 'yes' then return nil, "rmall: argument 2: expected 'yes', nothing was removed" end
  local done, message = system.removeTree(path)
  if not done then return nil, message, path end
  return true
end

function paths.execdir()
  local executable = system.executable()
  return executable and paths.dirname(executable)
end

function paths.is_win()
  return system.uname():match('Windows')
end

function paths.is_mac()
  return system.uname():match('Darwin')
end

function paths.getregistryvalue()
  error('getregistryvalue: there is no registry on this system', 2)
end

function paths.findprogram(...)
  for i = 1, select('#', ...) do
    local name = check.string(select(i, ...), 'findprogram', i)
    if name:find('/', 1, true) then
      if system.isExecutable(name) then return paths.concat(name) end
    else
      for folder in (os.getenv('PATH') or ''):gmatch('[^:]+') do
        local candidate = folder .. '/' .. name
        if system.isExecutable(candidate) then return candidate end
      end
    end
  end
  return nil
end

-- The absolute file name of the function at `level`, or nil for code that was typed in. 1 is who asks, 2 its caller.
local function sourceFile(level)
  local info = debug.getinfo(level + 1, 'S')
  local name = info and info.source:match('^@(.*)')
  return name and paths.concat(name)
end

function paths.thisfile(name)
  local file = sourceFile(2)
  if name == nil then return file end
  name = check.string(name, 'thisfile', 1)
  return file and paths.concat(paths.dirname(file), name) or name
end

-- depth counts from 1, this function; 2, the default, is its caller.
function paths.dofile(name, depth)
  name = check.string(name, 'dofile', 1)
  local file = sourceFile(depth or 2)
  return dofile(file and paths.concat(paths.dirname(file), name) or name)
end

function paths.require(name)
  name = check.string(name, 'require', 1)
  if package.loaded[name] ~= nil then return package.loaded[name] end
  local file, tried = package.searchpath(name, package.cpath)
  if not file then error(string.format("paths.require: no native library '%s':%s", name, tried), 2) end
  local loaded, message = package.loadlib(file, '*')  -- '*' makes its symbols visible to libraries loaded later
  if not loaded then error(message, 2) end
  local open
  open, message = package.loadlib(file, 'luaopen_' .. name:gsub('%.', '_'))
  if not open then error(message, 2) end
  local module = open(name)
  if module == nil then module = package.loaded[name] end
  package.loaded[name] = module == nil or module
  return package.loaded[name]
end

_G.paths = paths
return paths
