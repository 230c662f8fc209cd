-- Tests of index, gather, scatter, masks and structure on the device, against the CPU.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

function test.index_and_its_inverses()
  harness.each(harness.real, true, function(host, device, what)
    for dim = 1, 2 do
      local positions = torch.randperm(host:size(dim)):narrow(1, 1, 9):long()
      local onDevice = positions:cudaLong()
      harness.same(tester, device:index(dim, onDevice), host:index(dim, positions), 'index ' .. what, 0)
      local source = host:index(dim, positions):mul(2)
      device:indexCopy(dim, onDevice, source:type(device:type()))
      harness.same(tester, device, host:indexCopy(dim, positions, source), 'indexCopy ' .. what, 0)
      device:indexFill(dim, onDevice, 3)
      harness.same(tester, device, host:indexFill(dim, positions, 3), 'indexFill ' .. what, 0)
    end
  end)
end

function test.index_add_accumulates_repeated_positions()
  for _, typename in ipairs {'torch.FloatTensor', 'torch.DoubleTensor', 'torch.IntTensor', 'torch.LongTensor'} do
    local x, source = torch.zeros(5, 7):type(typename), harness.random(typename, 40, 7)
    local positions = torch.LongTensor(40):random(1, 5)
    local device = x:type(harness.cudaType(typename))

    device:indexAdd(1, positions:cudaLong(), source:type(harness.cudaType(typename)))

    harness.same(tester, device, x:indexAdd(1, positions, source), typename)
  end
end

function test.gather_and_scatter()
  harness.each(harness.real, true, function(host, device, what)
    local positions = torch.LongTensor(5, host:size(2))
    for column = 1, positions:size(2) do
      positions[{{}, column}] = torch.randperm(host:size(1)):narrow(1, 1, 5):long()
    end
    local picked = host:gather(1, positions)
    harness.same(tester, device:gather(1, positions:cudaLong()), picked, 'gather ' .. what, 0)
    device:scatter(1, positions:cudaLong(), picked:type(device:type()):fill(4))
    harness.same(tester, device, host:scatter(1, positions, picked:fill(4)), 'scatter ' .. what, 0)
  end)
end

function test.positions_out_of_range_are_refused()
  local x = torch.CudaTensor(3, 3)
  tester:assertErrorPattern(function() x:index(1, torch.CudaLongTensor{4}) end, 'out of range')
  tester:assertErrorPattern(function() x:gather(1, torch.CudaLongTensor(1, 3):fill(0)) end, 'Invalid index in gather')
  x:fill(1)
  tester:asserteq(x:sum(), 9)  -- the device goes on
end

function test.masks()
  harness.each(harness.real, true, function(host, device, what)
    local mask = torch.rand(host:size()):gt(0.4)
    local onDevice = mask:cudaByte()
    harness.same(tester, device:maskedSelect(onDevice), host:maskedSelect(mask), 'maskedSelect ' .. what, 0)
    local source = harness.random(host:type(), host:nElement())
    device:maskedCopy(onDevice, source:type(device:type()))
    harness.same(tester, device, host:maskedCopy(mask, source), 'maskedCopy ' .. what, 0)
    device:maskedFill(onDevice, 2)
    harness.same(tester, device, host:maskedFill(mask, 2), 'maskedFill ' .. what, 0)
    device[device:eq(2)] = 5
    host[host:eq(2)] = 5
    harness.same(tester, device, host, 'mask as index ' .. what, 0)
  end)
end

function test.a_long_mask()
  local x = torch.rand(100003):float()
  local mask = x:gt(0.5)

  harness.same(tester, x:cuda():maskedSelect(mask:cudaByte()), x:maskedSelect(mask), 'maskedSelect', 0)
end

function test.nonzero()
  local x = torch.rand(13, 17, 5):float():add(-0.5):clamp(0, 1)

  harness.same(tester, torch.nonzero(x:cuda()), torch.nonzero(x), 'nonzero', 0)
end

function test.structure()
  local x, y = torch.rand(37, 45):float(), torch.rand(37, 45):float()
  harness.same(tester, torch.cat(x:cuda(), y:cuda(), 1), torch.cat(x, y, 1), 'cat', 0)
  harness.same(tester, x:cuda():repeatTensor(2, 3), x:repeatTensor(2, 3), 'repeatTensor', 0)
  for _, k in ipairs {-3, 0, 2} do
    harness.same(tester, torch.tril(x:cuda(), k), torch.tril(x, k), 'tril', 0)
    harness.same(tester, torch.triu(x:cuda():t(), k), torch.triu(x:t(), k), 'triu of a transposed matrix', 0)
  end
  tester:assertle(math.abs(torch.trace(x:cuda()) - torch.trace(x)), 1e-4)
end

function test.sequences()
  for _, typename in ipairs(harness.real) do
    local cuda = torch[harness.cudaType(typename):match '%.(.*)']
    local host = torch[typename:match '%.(.*)']
    harness.same(tester, cuda():range(1, 100, 3), host():range(1, 100, 3), 'range ' .. typename, 0)
  end
  harness.same(tester, torch.CudaTensor():linspace(0, 1, 77), torch.FloatTensor():linspace(0, 1, 77), 'linspace', 0)
  tester:asserteq(torch.CudaTensor(5):zero():sum(), 0)
  tester:asserteq(torch.CudaTensor():eye(5):sum(), 5)
end

tester:add(test):run()
