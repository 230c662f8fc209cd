-- The package `cutorch`: loads the CUDA plugin, which makes the types torch.Cuda*Tensor usable, and offers what there
-- is to ask and tell the devices. Without plugin, driver or device the `require` fails and says which is missing.
local torch = require 'torch'
local class = require 'torch.class'
local native = require 'cresset.cutorch'

-- A module that failed counts as being loaded still: a second `require` would speak of a loop, not of what is missing.
package.loaded.cutorch = nil
native.load()
require('cresset.torch').declareCuda()

local cutorch = {}
for _, name in ipairs {'getDeviceCount', 'getDevice', 'setDevice', 'synchronize', 'getMemoryUsage',
                       'getDeviceProperties', 'getDriverVersion', 'getRuntimeVersion', 'initialSeed', 'getRNGState',
                       'setRNGState', 'reserveStreams', 'getNumStreams', 'getStream', 'setStream', 'streamSynchronize',
                       'streamWaitFor', 'setHeapTracking'} do
  cutorch[name] = native[name]
end
cutorch.driverVersion = cutorch.getDriverVersion()
cutorch.hasHalf = true

---------------------------------------------------------------------------------------------------------------- devices
-- Calls f on another device; the current one is restored also when f fails.
function cutorch.withDevice(device, f)
  local before = cutorch.getDevice()
  cutorch.setDevice(device)
  local function restore(ok, ...)
    cutorch.setDevice(before)
    if not ok then error((...), 0) end
    return ...
  end
  return restore(pcall(f))
end

local function onEach(f)
  for device = 1, cutorch.getDeviceCount() do cutorch.withDevice(device, f) end
end

function cutorch.synchronizeAll() onEach(cutorch.synchronize) end

function cutorch.isCachingAllocatorEnabled() return os.getenv 'THC_CACHING_ALLOCATOR' ~= '0' end

function cutorch.deviceReset() print 'cutorch.deviceReset is deprecated and does nothing' end

--------------------------------------------------------------------------------------------------------- random numbers
function cutorch.manualSeed(seed) native.manualSeed(seed) end

function cutorch.manualSeedAll(seed) onEach(function() native.manualSeed(seed) end) end

function cutorch.seed()
  local seed = native.randomSeed()
  native.manualSeed(seed)
  return seed
end

function cutorch.seedAll()
  local seed = native.randomSeed()
  cutorch.manualSeedAll(seed)
  return seed
end

---------------------------------------------------------------------------------------------------------------- streams
function cutorch.setDefaultStream() cutorch.setStream(0) end

-- All of these streams wait for all of them: the first gathers, the others wait for the first.
function cutorch.streamBarrier(streams)
  if type(streams) ~= 'table' then error('streamBarrier: expecting array of device streams', 2) end
  local first = streams[1]
  if first == nil then return end
  cutorch.streamWaitFor(first, streams)
  for i = 2, #streams do cutorch.streamWaitFor(streams[i], {first}) end
end

------------------------------------------------------------------------------------------------------------------ types
-- Lua functions see the elements on the host; what they changed goes back.
local function onHost(name, hostType)
  return function(x, ...)
    local arguments = {...}
    for i, value in ipairs(arguments) do
      if torch.isTensor(value) then arguments[i] = value:type(hostType) end
    end
    local host = x:type(hostType)
    host[name](host, unpack(arguments))
    return x:copy(host)
  end
end

-- The types, by the method that converts to each: `:cuda()`, `:cudaDouble()`, ...
local hostOf = {}
for _, element in ipairs {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'BFloat16', 'Double'} do
  hostOf['torch.Cuda' .. element] = 'torch.' .. element
end
hostOf['torch.Cuda'] = 'torch.Float'

for cuda, host in pairs(hostOf) do
  class.whenRegistered(cuda .. 'Tensor', function(tensor)
    tensor.getDevice = native.deviceOf
    -- Not yet: a copy that returns before it is done.
    tensor.copyAsync = tensor.copy
    for _, name in ipairs {'apply', 'map', 'map2'} do tensor[name] = onHost(name, host .. 'Tensor') end
  end)
  class.whenRegistered(cuda .. 'Storage', function(storage)
    storage.getDevice = native.deviceOf
    if not storage.string then return end
    local hostStorage = torch.getmetatable(host .. 'Storage')
    function storage:string(bytes)
      local copy = torch[host:match('%.(.*)$') .. 'Storage'](self:size()):copy(self)
      if not bytes then return hostStorage.string(copy) end
      hostStorage.string(copy, bytes)
      self:resize(copy:size()):copy(copy)
      return self
    end
  end)
end

_G.cutorch = cutorch
package.loaded.cutorch = cutorch
return cutorch
