-- The package `torch`: joins the C++ half (cresset.torch) with the parts that are written in Lua.
local core = require 'cresset.torch'
local class = require 'torch.class'
local element = require 'torch.element'
local files = require 'cresset.file'
local lazy = require 'cresset.lazy'

local torch = core.functions
_G.torch = torch
package.loaded.torch = torch

for _, name in ipairs {'class', 'newmetatable', 'type', 'typename', 'isTypeOf', 'isTensor', 'isStorage', 'getmetatable',
                       'getconstructortable', 'factory', 'setmetatable', 'version', 'metatype'} do
  torch[name] = class[name]
end

-- Types. The classes of a type, 300 methods each, are made when the first is needed: most programs use four of the
-- eighteen types, and each collection goes through what there is.
local function declare(t)
  local tensorHandle, storageHandle = element.declare(t.prefix, t.element)
  local kind = t.device == 'cuda' and 'device' or t.element == 'THHalf' and 'half' or t.element == 'long' and 'long' or
      'element'
  local function make()
    local tensorClass, storageClass, newTensor, newStorage = core.makeClasses(t.code)
    class.register(t.tensor, tensorClass, newTensor, newTensor)
    class.register(t.storage, storageClass, newStorage, newStorage)
    element.installTensor(tensorClass, t.tensor, tensorHandle, kind)
    element.installStorage(storageClass, t.storage, storageHandle, kind)
    element.installPointers(tensorClass, tensorHandle, true)
    element.installPointers(storageClass, storageHandle, false)
    for _, mt in ipairs {tensorClass, storageClass} do
      mt.read, mt.write = files.readPayload, files.writePayload
    end
  end
  class.promise(t.tensor, make)
  class.promise(t.storage, make)
end
for _, t in ipairs(core.types) do
  if t.device == 'cpu' then declare(t) end
end

-- Scripts ask whether there is a torch.CudaTensor: there is when somebody needs it, mostly cutorch.
local cudaDeclared = false
function core.declareCuda()
  if cudaDeclared then return end
  cudaDeclared = true
  for _, t in ipairs(core.types) do
    if t.device == 'cuda' then declare(t) end
  end
end
core.setClassMaker(function(name)
  if name:find('^torch%.Cuda') then core.declareCuda() end
  return class.getmetatable(name)
end)

-- torch.Tensor and torch.Storage are the default type's constructors.
local setDefault = torch.setdefaulttensortype
function torch.setdefaulttensortype(name)
  if type(name) ~= 'string' then
    error('torch.setdefaulttensortype: type name expected, got ' .. torch.type(name), 2)
  end
  setDefault(name)
  if name:find('^torch%.Cuda') then core.declareCuda() end
  torch.Tensor = class.getconstructortable(name)
  torch.Storage = class.getconstructortable((name:gsub('Tensor$', 'Storage')))
end
torch.setdefaulttensortype('torch.DoubleTensor')
class.getmetatable('torch.DoubleTensor').isTensor = true

-- Functions that call a method of their argument.
for _, name in ipairs {'view', 'viewAs', 'expand', 'expandAs', 'repeatTensor', 'permute'} do
  torch[name] = function(x, ...)
    if not torch.isTensor(x) then
      error(('torch.%s: argument 1: expected torch.*Tensor, got %s'):format(name, torch.type(x)), 2)
    end
    return x[name](x, ...)
  end
end
for _, name in ipairs {'split', 'chunk'} do
  local method = class.getmetatable('torch.DoubleTensor')[name]  -- takes a table first, and any tensor
  torch[name] = function(...) return method(...) end
end
function torch.totable(x)
  if not (torch.isTensor(x) or torch.isStorage(x)) then error('torch.totable: obj must be a Storage or a Tensor', 2) end
  return x:totable()
end
for _, name in ipairs {'data', 'cdata'} do
  torch[name] = function(x, asNumber)
    if x == nil then return nil end
    return x[name](x, asNumber)
  end
end

-- Alias tables for drawing from one distribution many times: {positions, probabilities}.
function torch.multinomialAliasSetup(p, state)
  if state then
    torch.multinomialAliasSetup_(p, state[1], state[2])
    return state
  end
  return {torch.multinomialAliasSetup_(p)}
end
function torch.multinomialAlias(out, state)
  if type(state) ~= 'table' or not (torch.isTensor(state[1]) and torch.isTensor(state[2])) then
    error('torch.multinomialAlias: argument 2: expected the table of torch.multinomialAliasSetup, got ' ..
          torch.type(state), 2)
  end
  return state[2].multinomialAlias_(out, state[1], state[2])
end

-- Generators
class.register('torch.Generator', core.generatorClass, core.newGenerator, core.newGenerator)
core.generatorClass.__index = core.generatorClass
torch._gen = core.defaultGenerator

-- Handles of native allocators, which storages can be made with. They come from packages, as cutorch.CudaHostAllocator,
-- and from FFI code, by torch.pushudata of a THAllocator *.
class.newmetatable('torch.Allocator', nil, function()
  error('torch.Allocator: no constructor: torch.pushudata(pointer, \'torch.Allocator\') makes a handle', 3)
end)

-- The value of a C pointer, or the address of a C structure.
local ffi = require 'ffi'
local function addressOf(cdata) return tonumber(ffi.cast('uintptr_t', ffi.cast('void *', cdata))) end

local pointer = torch.pointer
function torch.pointer(x)
  if type(x) == 'cdata' then return addressOf(x) end
  return pointer(x)
end

-- Wraps a C pointer, or its address, as an object of the class of that name, which takes over one reference.
function torch.pushudata(object, name)
  local mt = class.getmetatable(name)
  if not mt then error('torch.pushudata: unknown typename ' .. tostring(name), 2) end
  if type(object) == 'cdata' then object = addressOf(object) end
  if type(object) ~= 'number' then
    error('torch.pushudata: argument 1: expected pointer or address, got ' .. torch.type(object), 2)
  end
  return core.pushUserdata(object, name, mt)
end

for name, f in pairs(require 'torch.File') do torch[name] = f end

-- Utilities
local check = require 'cresset.check'
local system = require 'cresset.system'
function torch.tic() return system.ticks() end
function torch.toc(start) return system.ticks() - check.number(start, 'toc', 1) end
torch.isatty = system.isTerminal
torch._heaptracking = true
-- Whether tensors that hold much memory make Lua collect its garbage.
function torch.setheaptracking(on)
  if type(on) ~= 'boolean' then
    error('torch.setheaptracking: argument 1: expected boolean, got ' .. torch.type(on), 2)
  end
  torch._heaptracking = on
  core.setHeapTracking(on)
end
-- Torch7 bound its native hooks to a state and a thread; here they need no binding.
function torch.updateerrorhandlers() end
function torch.updatethreadlocals() end

function torch.packageLuaPath(name)
  if not name then
    local path = torch.packageLuaPath 'torch'
    return path and path:match('^(.*)/[^/]*$')
  end
  name = check.string(name, 'packageLuaPath', 1)
  for template in package.path:gmatch('[^;]+') do
    local file = template:gsub('%?', (name:gsub('%.', '/')))
    local f = io.open(file)
    if f then
      f:close()
      return (file:match('^(.*)/[^/]*$'))
    end
  end
end
function torch.include(package, file)
  local folder = torch.packageLuaPath(check.string(package, 'include', 1))
  check.string(file, 'include', 2)
  if not folder then error(('torch.include: package %s not found in package.path'):format(package), 2) end
  return dofile(folder .. '/' .. file)
end
function include(file)
  local directory = debug.getinfo(2, 'S').source:match('^@(.*/)')
  return dofile(directory and file:sub(1, 1) ~= '/' and directory .. file or file)
end

string.gfind = string.gfind or string.gmatch
table.unpack = table.unpack or unpack

require 'paths'
for _, name in ipairs {'torch.Tensor', 'torch.FFInterface'} do package.loaded[name] = true end  -- parts of Torch7's

lazy(torch, 'torch', {'CmdLine', 'Tester', 'TestSuite', 'Timer', 'einsum', 'test'})

return torch
