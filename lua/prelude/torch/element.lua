-- Elements of CPU tensors and storages through the FFI: `x[i]` and `x[i] = v` compile to a load or a store.
-- Everything else a key can be goes to the C functions `__index__` and `__newindex__` of the class.
-- The structures are those of tensor/Tensor.h and tensor/Storage.h (Torch7's, as third-party FFI code knows them).
local ffi = require 'ffi'
local cast, tonumber, type, rawget, floor, ceil = ffi.cast, tonumber, type, rawget, math.floor, math.ceil

ffi.cdef [[
typedef struct THAllocator {
  void *(*malloc)(void *, ptrdiff_t);
  void *(*realloc)(void *, void *, ptrdiff_t);
  void (*free)(void *, void *);
} THAllocator;
typedef struct { unsigned short x; } THHalf;
]]

local core = require 'cresset.torch'

local M = {}

-- With the compiler off (`jit.off()`), C functions read an element faster than the FFI does in the interpreter: both
-- pairs are kept, and jit.on and jit.off exchange them.
local pairsOf = {}
local compiling = jit.status()
local function choose(class)
  local chosen = pairsOf[class][compiling and 'compiled' or 'interpreted']
  class.__index, class.__newindex = chosen[1], chosen[2]
end
local function setCompiling(on)
  compiling = on
  for class in pairs(pairsOf) do choose(class) end
end
local jitOn, jitOff = jit.on, jit.off
function jit.on(...)
  jitOn(...)
  if select('#', ...) == 0 then setCompiling(true) end
end
function jit.off(...)
  jitOff(...)
  if select('#', ...) == 0 then setCompiling(false) end
end

-- Declares TH<prefix>Storage and TH<prefix>Tensor and gives their pointer-to-pointer types, as which a userdata is
-- read.
function M.declare(prefix, element)
  ffi.cdef(([[
    typedef struct TH%sStorage {
      %s *data; ptrdiff_t size; int refcount; char flag; THAllocator *allocator; void *allocatorContext;
    } TH%sStorage;
    typedef struct TH%sTensor {
      long *size; long *stride; int nDimension; TH%sStorage *storage; ptrdiff_t storageOffset; int refcount; char flag;
    } TH%sTensor;
  ]]):format(prefix, element, prefix, prefix, prefix, prefix))
  return ffi.typeof(('TH%sTensor **'):format(prefix)), ffi.typeof(('TH%sStorage **'):format(prefix))
end

-- Lookup of anything that is not an element: a name that the class has, or what its hook makes of the key, as of '3'.
local function slowIndex(class)
  return function(self, key)
    if type(key) == 'string' then
      local field = class[key]
      if field ~= nil then return field end
    end
    local value, accepted = class.__index__(self, key)
    if accepted then return value end
    return class[key]
  end
end

local function slowNewindex(class, typename)
  return function(self, key, value)
    if not class.__newindex__(self, key, value) then error(('the class %s cannot be indexed'):format(typename), 3) end
  end
end

-- What the index i in dimension d (from 0) adds to an element's offset; nil when it is no index of that dimension.
-- Indices count from 1, or from the end when negative, and truncate.
local function step(x, d, i)
  if type(i) ~= 'number' then return nil end
  local n = tonumber(x.size[d])
  if i >= 1 then
    if i < n + 1 then return (floor(i) - 1) * tonumber(x.stride[d]) end
  elseif i <= -1 and i > -n - 1 then
    return (ceil(i) + n) * tonumber(x.stride[d])
  end
end

-- The offset of the element x[{i, j, ...}] of a tensor of up to four dimensions, from its first element; nil when the
-- key is something else or wrong. Each dimension has its own line: with constant keys, LuaJIT needs no table.
local function offsetOf(x, key)
  local dims = x.nDimension
  local a, b, c, d
  if dims == 2 then
    if rawget(key, 3) ~= nil then return nil end
    a, b = step(x, 0, rawget(key, 1)), step(x, 1, rawget(key, 2))
    return a and b and a + b
  elseif dims == 3 then
    if rawget(key, 4) ~= nil then return nil end
    a, b, c = step(x, 0, rawget(key, 1)), step(x, 1, rawget(key, 2)), step(x, 2, rawget(key, 3))
    return a and b and c and a + b + c
  elseif dims == 4 then
    if rawget(key, 5) ~= nil then return nil end
    a, b = step(x, 0, rawget(key, 1)), step(x, 1, rawget(key, 2))
    c, d = step(x, 2, rawget(key, 3)), step(x, 3, rawget(key, 4))
    return a and b and c and d and a + b + c + d
  elseif dims == 1 then
    if rawget(key, 2) ~= nil then return nil end
    return step(x, 0, rawget(key, 1))
  end
end

function M.installTensor(class, typename, handle, kind)
  local slow, slowSet = slowIndex(class), slowNewindex(class, typename)
  class.__index, class.__newindex = slow, slowSet
  if kind ~= 'element' and kind ~= 'long' then return end
  -- A whole index i of a vector: 1 <= i < size + 1. The product with the stride must not see a fraction.
  local read
  if kind == 'long' then
    read = function(data, at) return tonumber(data[at]) end
  else
    read = function(data, at) return data[at] end
  end
  class.__index = function(self, key)
    if type(key) == 'number' then
      local x = cast(handle, self)[0]
      if x.nDimension == 1 then
        local n = tonumber(x.size[0])
        if key >= 1 and key < n + 1 then
          local stride = tonumber(x.stride[0])
          if stride == 1 then return read(x.storage.data + x.storageOffset, key - 1) end
          return read(x.storage.data + x.storageOffset, (key - key % 1 - 1) * stride)
        end
      end
      return (class.__index__(self, key))
    elseif type(key) == 'string' then
      local field = class[key]
      if field ~= nil then return field end
    elseif type(key) == 'table' then
      local x = cast(handle, self)[0]
      local offset = offsetOf(x, key)
      if offset then return read(x.storage.data + x.storageOffset, offset) end
    end
    return slow(self, key)
  end
  class.__newindex = function(self, key, value)
    if type(key) == 'table' and type(value) == 'number' then
      local x = cast(handle, self)[0]
      local offset = offsetOf(x, key)
      if offset then
        (x.storage.data + x.storageOffset)[offset] = value
        return
      end
    elseif type(key) == 'number' and type(value) == 'number' then
      local x = cast(handle, self)[0]
      if x.nDimension == 1 then
        local n = tonumber(x.size[0])
        if key >= 1 and key < n + 1 then
          local stride = tonumber(x.stride[0])
          if stride == 1 then
            (x.storage.data + x.storageOffset)[key - 1] = value
          else
            (x.storage.data + x.storageOffset)[(key - key % 1 - 1) * stride] = value
          end
          return
        end
      end
    end
    return slowSet(self, key, value)
  end
  pairsOf[class] = {compiled = {class.__index, class.__newindex}, interpreted = {core.interpretedIndexing(class)}}
  choose(class)
end

function M.installStorage(class, typename, handle, kind)
  local slow, slowSet = slowIndex(class), slowNewindex(class, typename)
  class.__index, class.__newindex = slow, slowSet
  if kind ~= 'element' and kind ~= 'long' then return end
  class.__index = function(self, key)
    if type(key) == 'number' then
      local s = cast(handle, self)[0]
      if key >= 1 and key < tonumber(s.size) + 1 then return tonumber(s.data[key - 1]) end
    elseif type(key) == 'string' then
      local field = class[key]
      if field ~= nil then return field end
    end
    return slow(self, key)
  end
  class.__newindex = function(self, key, value)
    if type(key) == 'number' and type(value) == 'number' then
      local s = cast(handle, self)[0]
      if key >= 1 and key < tonumber(s.size) + 1 then
        s.data[key - 1] = value
        return
      end
    end
    return slowSet(self, key, value)
  end
end

-- x:data() and x:cdata(), and with a true argument their addresses.
function M.installPointers(class, handle, isTensor)
  local function structure(self, method)
    if getmetatable(self) ~= class then
      error(('%s: argument 1: expected %s, got %s'):format(method, class.__typename, torch.type(self)), 3)
    end
    return cast(handle, self)[0]
  end
  local function data(self, asNumber)
    local x = structure(self, 'data')
    local p
    if isTensor then
      if x.storage == nil then return nil end
      p = x.storage.data + x.storageOffset
    else
      p = x.data
    end
    if asNumber then return cast('intptr_t', p) end
    return p
  end
  local function cdata(self, asNumber)
    local x = structure(self, 'cdata')
    if asNumber then return cast('intptr_t', x) end
    return x
  end
  class.data, class.cdata = data, cdata
end

return M
