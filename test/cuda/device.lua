-- Tests of devices, memory, streams and what happens when memory runs out.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

function test.devices_are_counted_from_one()
  tester:assertge(cutorch.getDeviceCount(), 1)
  tester:asserteq(cutorch.getDevice(), 1)
  tester:asserteq(torch.CudaTensor(3):getDevice(), 1)
  tester:asserteq(torch.CudaTensor():getDevice(), 0)
  tester:asserteq(torch.CudaStorage(3):getDevice(), 1)
  for _, bad in ipairs {0, -1, 1000} do
    tester:assertErrorPattern(function() cutorch.setDevice(bad) end, 'invalid device ordinal')
  end
  tester:asserteq(cutorch.getDevice(), 1)
end

function test.with_device_restores_the_device()
  local result = cutorch.withDevice(cutorch.getDeviceCount(), function() return cutorch.getDevice() end)
  tester:asserteq(result, cutorch.getDeviceCount())
  tester:assertErrorPattern(function() cutorch.withDevice(1, function() error 'inside' end) end, 'inside')
  tester:asserteq(cutorch.getDevice(), 1)
end

function test.properties_have_their_keys()
  local properties = cutorch.getDeviceProperties(1)
  tester:asserteq(type(properties.name), 'string')
  tester:asserteq(properties.warpSize, 32)
  for _, key in ipairs {'major', 'minor', 'totalGlobalMem', 'multiProcessorCount', 'clockRate', 'deviceOverlap',
                        'maxTexture1DLinear', 'pciBusID'} do
    tester:asserteq(type(properties[key]), 'number', key)
  end
end

function test.freed_memory_counts_as_free()
  collectgarbage()
  collectgarbage()
  local before, total = cutorch.getMemoryUsage(1)
  local x = torch.CudaTensor(64, 1024, 1024):zero()
  tester:assertle(cutorch.getMemoryUsage(1), before - 2 ^ 27)
  x = nil
  collectgarbage()
  collectgarbage()
  cutorch.synchronize()

  tester:assertge(cutorch.getMemoryUsage(1), before - 2 ^ 27)
  tester:assertle(before, total)
end

function test.out_of_memory_is_an_error_with_sizes()
  local _, total = cutorch.getMemoryUsage(1)
  local ok, message = pcall(torch.CudaTensor, total)  -- four bytes each

  tester:assert(not ok)
  tester:assert(message:find 'cuda runtime error %(2%) : out of memory at .*MiB' ~= nil, message)
  tester:asserteq(torch.CudaTensor(5):fill(2):sum(), 10)
end

-- Twice the memory of the device, in pieces that nobody holds.
function test.garbage_is_collected_when_memory_is_short()
  local free = cutorch.getMemoryUsage(1)
  collectgarbage 'stop'
  local ok, message = pcall(function()
    for _ = 1, 20 do torch.CudaTensor(math.floor(free / 40)):zero() end
  end)
  collectgarbage 'restart'

  tester:assert(ok, message)
end

function test.streams()
  cutorch.reserveStreams(2)
  tester:assertge(cutorch.getNumStreams(), 2)
  cutorch.setStream(1)
  local x = torch.CudaTensor(100000):fill(1)
  cutorch.setStream(2)
  cutorch.streamWaitFor(2, {1})
  x:add(1)
  cutorch.streamBarrier {1, 2}
  cutorch.setStream(1)
  x:mul(2)
  cutorch.streamSynchronize(1)
  tester:asserteq(cutorch.getStream(), 1)
  cutorch.setDefaultStream()

  tester:asserteq(x:sum(), 400000)
  tester:asserteq(cutorch.getStream(), 0)
  tester:assertErrorPattern(function() cutorch.setStream(5000) end, 'is not a valid stream')
  tester:assertErrorPattern(function() cutorch.streamWaitFor(1, 2) end, 'expecting array of device streams')
end

function test.an_operation_without_kernel_is_named()
  local x = torch.CudaTensor(3):fill(1)
  tester:assertErrorPattern(function() torch.sort(x) end, 'not available for torch.CudaTensor')
end

function test.a_second_require_gives_the_same_table()
  tester:assert(require 'cutorch' == cutorch)
  tester:asserteq(torch.type(torch.CudaTensor(2)), 'torch.CudaTensor')
end

tester:add(test):run()
