-- Tests of reductions, running sums and extremes on the device, against the CPU.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

local function precision(typename) return typename:find 'Float' and 1e-5 or typename:find 'Double' and 1e-12 or 0 end

local function near(device, host, what, typename)
  tester:assertle(math.abs(device - host), precision(typename) * math.max(1, math.abs(host)), what)
end

function test.over_all_elements()
  harness.each(harness.real, false, function(host, device, what)
    for _, name in ipairs {'sum', 'max', 'min'} do
      near(device[name](device), host[name](host), name .. ' ' .. what, host:type())
    end
  end)
  harness.each(harness.floating, false, function(host, device, what)
    for _, name in ipairs {'mean', 'var', 'std', 'norm'} do
      near(device[name](device), host[name](host), name .. ' ' .. what, host:type())
    end
    for _, p in ipairs {0, 1, 3, math.huge} do
      near(device:norm(p), host:norm(p), p .. '-norm ' .. what, host:type())
    end
    near(device:var(true), host:var(true), 'biased variance ' .. what, host:type())
    near(device:dist(device * 2), host:dist(host * 2), 'dist ' .. what, host:type())
  end)
end

function test.product()
  for _, typename in ipairs(harness.real) do
    local x = torch.rand(19):add(0.7):type(typename)
    near(x:type(harness.cudaType(typename)):prod(), x:prod(), typename, typename)
  end
end

function test.along_each_dimension()
  harness.each(harness.real, false, function(host, device, what)
    for dim = 1, 2 do
      harness.same(tester, device:sum(dim), host:sum(dim), 'sum ' .. dim .. ' ' .. what, precision(host:type()))
      local sums = 'cumsum ' .. dim .. ' ' .. what
      harness.same(tester, device:cumsum(dim), host:cumsum(dim), sums, precision(host:type()))
    end
  end)
  harness.each(harness.floating, false, function(host, device, what)
    for dim = 1, 2 do
      for _, name in ipairs {'mean', 'var', 'std', 'prod', 'cumprod'} do
        harness.same(tester, device[name](device, dim), host[name](host, dim), name .. ' ' .. dim .. ' ' .. what, 1e-5)
      end
      harness.same(tester, device:norm(3, dim), host:norm(3, dim), 'norm ' .. dim .. ' ' .. what, 1e-5)
    end
  end)
end

-- Few values, so that many are equal: the first one wins.
function test.extremes_and_their_positions()
  for _, typename in ipairs(harness.real) do
    local base = torch.rand(7, 1300, 5):mul(20):floor():type(typename)
    local device = base:type(harness.cudaType(typename))
    for dim = 1, 3 do
      for _, name in ipairs {'max', 'min'} do
        local value, index = base[name](base, dim)
        local deviceValue, deviceIndex = device[name](device, dim)
        tester:asserteq(deviceIndex:type(), 'torch.CudaLongTensor')
        harness.same(tester, deviceValue, value, name .. ' ' .. typename, 0)
        harness.same(tester, deviceIndex, index, name .. ' position ' .. typename, 0)
      end
    end
  end
end

function test.the_first_nan_is_the_extreme()
  local x = torch.rand(2000):float()
  x[700], x[1500] = 0 / 0, 0 / 0

  local value, index = x:cuda():max(1)

  tester:assert(value[1] ~= value[1])
  tester:asserteq(index[1], 700)
end

-- Shapes that take each path: one long line, few long columns, many short lines.
function test.long_and_narrow_shapes()
  for _, sizes in ipairs {{300007}, {100003, 3}, {3, 100003}, {70001, 4}, {5000, 2, 31}} do
    local x = torch.rand(torch.LongStorage(sizes)):float()
    local device = x:cuda()
    local what = table.concat(sizes, ' x ')
    near(device:sum(), x:sum(), what, 'Float')
    near(device:var(), x:var(), what, 'Float')
    for dim = 1, #sizes do
      harness.same(tester, device:sum(dim), x:sum(dim), 'sum ' .. what, 1e-4)
      harness.same(tester, device:var(dim), x:var(dim), 'var ' .. what, 1e-4)
      harness.same(tester, device:cumsum(dim), x:double():cumsum(dim):float(), 'cumsum ' .. what, 1e-5)
      local value, index = x:max(dim)
      local deviceValue, deviceIndex = device:max(dim)
      harness.same(tester, deviceValue, value, 'max ' .. what, 0)
      harness.same(tester, deviceIndex, index, 'max position ' .. what, 0)
    end
  end
end

function test.a_sum_is_the_same_each_time()
  local x = torch.CudaTensor(1000003):uniform()
  local first = x:sum()

  for _ = 1, 5 do tester:asserteq(x:sum(), first) end
end

function test.all_and_any()
  local x = torch.CudaByteTensor(1000):fill(1)
  tester:assert(x:all() and x:any())
  x[777] = 0
  tester:assert(not x:all() and x:any())
  x:zero()
  tester:assert(not x:any())
end

function test.empty_tensors_sum_to_zero()
  tester:asserteq(torch.CudaTensor():sum(), 0)
end

tester:add(test):run()
