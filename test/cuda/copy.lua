-- Tests of copies between host and device, of conversions, and of element access.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

local allTypes = {'torch.HalfTensor', 'torch.BFloat16Tensor', unpack(harness.real)}

function test.there_and_back_keeps_every_element()
  for _, typename in ipairs(allTypes) do
    local x = harness.random(typename, 37, 45)

    local y = x:type(harness.cudaType(typename))

    tester:asserteq(y:type(), harness.cudaType(typename))
    harness.same(tester, y, x, typename, 0)
  end
end

function test.converts_between_all_types_on_the_device()
  for _, from in ipairs(allTypes) do
    for _, to in ipairs(allTypes) do
      local x = harness.random(from, 37, 45)
      local device = x:type(harness.cudaType(from))

      harness.same(tester, device:type(harness.cudaType(to)), x:type(to), from .. ' to ' .. to, 0)
      local what = from .. ' to ' .. to .. ', transposed'
      harness.same(tester, device:t():type(harness.cudaType(to)), x:t():type(to), what, 0)
    end
  end
end

function test.converts_on_the_way()
  local x = torch.DoubleTensor{1.5, -2.5, 300}

  harness.same(tester, x:cuda(), x:float(), 'double to float', 0)
  tester:assertTableEq(x:cudaInt():totable(), {1, -2, 300})
  tester:assertTableEq(x:cuda():int():totable(), {1, -2, 300})
end

function test.copies_between_layouts()
  harness.each(allTypes, false, function(host, device, name)
    local target = device.new(45, 37):zero()
    target:t():copy(host)
    harness.same(tester, target, host:t(), name .. ' to a transposed device tensor', 0)
    target:zero()
    target:t():copy(device)
    harness.same(tester, target, host:t(), name .. ' on the device', 0)
    local back = host.new(45, 37):zero()
    back:t():copy(device)
    tester:assertTensorEq(back:double(), host:t():double(), 0, name .. ' to a transposed host tensor')
  end)
end

function test.fills_every_layout()
  harness.each(allTypes, true, function(host, device, name)
    for _, value in ipairs {0, 3} do
      host:fill(value)
      device:fill(value)
      harness.same(tester, device, host, name, 0)
    end
  end)
  local base = torch.CudaTensor(10, 10):zero()
  base:narrow(2, 3, 4):fill(1)
  tester:asserteq(base:sum(), 40)
end

function test.reads_and_writes_elements()
  local x = torch.CudaTensor{{1, 2, 3}, {4, 5, 6}}

  x[1][2] = 20
  x[{2, 3}] = 60
  x[{{}, 1}] = 7

  tester:assertTableEq(x:totable(), {{7, 20, 3}, {7, 5, 60}})
  tester:asserteq(x[2][3], 60)
  tester:asserteq(x:storage()[2], 20)
end

function test.keeps_content_when_a_storage_grows()
  local x = torch.CudaTensor{1, 2, 3}

  x:resize(5):narrow(1, 4, 2):fill(9)

  tester:assertTableEq(x:totable(), {1, 2, 3, 9, 9})
end

function test.applies_lua_functions()
  local x = torch.CudaTensor{1, 2, 3}

  x:apply(function(v) return v * 2 end)
  x:map(torch.CudaTensor{1, 1, 1}, function(a, b) return a + b end)

  tester:assertTableEq(x:totable(), {3, 5, 7})
end

function test.prints_like_the_host()
  local x = torch.FloatTensor{{1, 2}, {3, 4}}

  tester:asserteq(tostring(x:cuda()), (tostring(x):gsub('FloatTensor', 'CudaTensor')))
end

function test.walks_more_dimensions_than_a_kernel_takes()
  local sizes, order = {}, {}
  for d = 1, 10 do sizes[d], order[d] = 2, 11 - d end
  local x = torch.rand(torch.LongStorage(sizes)):float()

  local y = x:cuda():permute(unpack(order)):contiguous()

  harness.same(tester, y, x:permute(unpack(order)), 'permuted', 0)
end

function test.saves_and_loads()
  local file = torch.MemoryFile()
  file:binary():writeObject(torch.CudaTensor{1, 2, 3}:narrow(1, 2, 2))
  file:seek(1)

  local y = file:readObject()

  tester:asserteq(y:type(), 'torch.CudaTensor')
  tester:assertTableEq(y:totable(), {2, 3})
end

tester:add(test):run()
