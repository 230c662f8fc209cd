-- Tests of element by element operations on the device: each row of the table against the CPU, in each layout.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

-- Integers must agree exactly; a GPU's float functions differ from the CPU's in the last bits.
local function precision(host)
  return torch.type(host):find 'Float' and 1e-5 or torch.type(host):find 'Double' and 1e-12 or 0
end

-- Compares x:name(...) and torch.name(x, ...); arguments are given for host and device.
local function compare(types, name, arguments)
  harness.each(types, false, function(host, device, what)
    local hostArguments, deviceArguments = arguments(host, device)
    local expected = torch[name](host, unpack(hostArguments))
    harness.same(tester, torch[name](device, unpack(deviceArguments)), expected, name .. ' ' .. what, precision(host))
  end)
  harness.each(types, true, function(host, device, what)
    local hostArguments, deviceArguments = arguments(host, device)
    if host[name] == nil then return end
    host[name](host, unpack(hostArguments))
    device[name](device, unpack(deviceArguments))
    harness.same(tester, device, host, name .. ' in place, ' .. what, precision(host))
  end)
end

local function none() return {}, {} end
local function value(v) return function() return {v}, {v} end end
-- Another tensor of the same sizes, in another layout.
local function other(host, device)
  local y = harness.random(host:type(), host:size(2), host:size(1))
  return y:t(), y:type(device:type()):t()
end
local function tensor(host, device)
  local y, z = other(host, device)
  return {y}, {z}
end

function test.unary_functions()
  for _, name in ipairs {'abs', 'atan', 'ceil', 'cos', 'cosh', 'exp', 'floor', 'frac', 'log', 'log1p', 'round', 'rsqrt',
                         'sigmoid', 'sin', 'sinh', 'sqrt', 'tanh', 'trunc', 'neg', 'cinv', 'sign'} do
    compare(harness.floating, name, none)
  end
  compare({'torch.IntTensor', 'torch.LongTensor'}, 'abs', none)
  compare(harness.integer, 'sign', none)
end

function test.inverse_functions_on_the_unit_interval()
  for _, name in ipairs {'acos', 'asin', 'tan'} do
    for _, typename in ipairs(harness.floating) do
      local x = torch.rand(1000):mul(1.8):add(-0.9):type(typename)
      harness.same(tester, torch[name](x:type(harness.cudaType(typename))), torch[name](x), name .. ' ' .. typename)
    end
  end
end

function test.a_tensor_and_a_number()
  for _, name in ipairs {'add', 'csub', 'mul', 'div', 'fmod', 'remainder', 'cmax', 'cmin'} do
    compare(harness.real, name, value(3))
  end
  for _, name in ipairs {'lshift', 'rshift'} do compare(harness.real, name, value(2)) end
  for _, name in ipairs {'bitand', 'bitor', 'bitxor'} do compare(harness.integer, name, value(5)) end
  for _, exponent in ipairs {1, 2, 3, 0.5, -0.5, -1, -2, 1.7} do compare(harness.floating, 'pow', value(exponent)) end
  compare(harness.real, 'clamp', function() return {2, 5}, {2, 5} end)
end

function test.two_tensors()
  for _, name in ipairs {'cmul', 'cdiv', 'cpow', 'cfmod', 'cremainder', 'cmax', 'cmin', 'add', 'csub'} do
    compare(harness.real, name, tensor)
  end
  for _, name in ipairs {'clshift', 'crshift', 'cbitand', 'cbitor', 'cbitxor'} do
    compare(harness.integer, name, tensor)
  end
  compare(harness.floating, 'atan2', tensor)
end

function test.scaled_sums_and_products()
  for _, name in ipairs {'add', 'csub'} do
    compare(harness.real, name, function(host, device)
      local y, z = other(host, device)
      return {2, y}, {2, z}
    end)
  end
  for _, name in ipairs {'addcmul', 'addcdiv'} do
    compare(harness.real, name, function(host, device)
      local y, z = other(host, device)
      return {2, y, y}, {2, z, z}
    end)
  end
  compare(harness.floating, 'lerp', function(host, device)
    local y, z = other(host, device)
    return {y, 0.25}, {z, 0.25}
  end)
end

function test.integers_wrap()
  for _, typename in ipairs(harness.integer) do
    local x = torch.range(1, 100):type(typename)
    local device = x:type(harness.cudaType(typename))
    harness.same(tester, device:clone():mul(100), x:clone():mul(100), typename, 0)
    harness.same(tester, device:clone():cmul(device), torch.cmul(x, x), typename, 0)
  end
end

function test.nan_wins_in_cmax_and_cmin()
  local x = torch.FloatTensor{1, 0 / 0, 3}
  local y = torch.FloatTensor{0 / 0, 2, 1}
  for _, name in ipairs {'cmax', 'cmin'} do
    local result = torch[name](x:cuda(), y:cuda()):float()
    tester:assert(result[1] ~= result[1] and result[2] ~= result[2], name)
    tester:asserteq(result[3], name == 'cmax' and 3 or 1)
  end
end

function test.comparisons()
  for _, name in ipairs {'lt', 'le', 'gt', 'ge', 'eq', 'ne'} do
    harness.each(harness.real, false, function(host, device, what)
      local y, z = other(host, device)
      local mask = torch[name](device, z)
      tester:asserteq(mask:type(), 'torch.CudaByteTensor')
      harness.same(tester, mask, torch[name](host, y), name .. ' ' .. what, 0)
      harness.same(tester, torch[name](device, 4), torch[name](host, 4), name .. ' a number, ' .. what, 0)
      local own = device.new()
      device[name](own, device, z)
      harness.same(tester, own, torch[name](host, y), name .. ' into its own type, ' .. what, 0)
    end)
  end
end

function test.broadcasts()
  local x, y = torch.rand(37, 45):float(), torch.rand(45):float()

  harness.same(tester, torch.add(x:cuda(), y:cuda()), torch.add(x, y), 'row')
end

function test.mixed_devices_are_refused()
  tester:assertErrorPattern(function() torch.CudaTensor(2):add(torch.FloatTensor(2)) end, 'Cuda')
end

function test.division_of_integers_by_zero_is_refused()
  tester:assertErrorPattern(function() torch.CudaIntTensor{1}:cdiv(torch.CudaIntTensor{0}) end, 'division by zero')
end

tester:add(test):run()
