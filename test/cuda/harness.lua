-- What the CUDA tests share: they compare with the CPU, on inputs in several layouts, and skip without a device.
local harness = {}

-- Loads cutorch, or prints one line that says why not and ends the program well.
function harness.require()
  local ok, reason = pcall(require, 'cutorch')
  if ok then return end
  print('skipped: ' .. tostring(reason))
  os.exit(0)
end

-- The CUDA type of a CPU type: torch.FloatTensor -> torch.CudaTensor.
function harness.cudaType(name)
  local element = name:match('^torch%.(.*)Tensor$')
  return 'torch.Cuda' .. (element == 'Float' and '' or element) .. 'Tensor'
end

harness.floating = {'torch.FloatTensor', 'torch.DoubleTensor'}
harness.integer = {'torch.ByteTensor', 'torch.CharTensor', 'torch.ShortTensor', 'torch.IntTensor', 'torch.LongTensor'}
harness.real = {unpack(harness.floating)}
for _, name in ipairs(harness.integer) do table.insert(harness.real, name) end

-- Numbers that every operation takes: from 1 to 7, and fractions between for floating types.
function harness.random(typename, ...)
  return torch.rand(...):mul(6):add(1):type(typename)
end

-- Views by name: a function of a matrix that is larger than needed. Sizes exceed a warp and are not its multiple.
harness.layouts = {
  {name = 'contiguous', rows = 37, columns = 45, view = function(x) return x end},
  {name = 'transposed', rows = 45, columns = 37, view = function(x) return x:t() end},
  {name = 'narrowed', rows = 40, columns = 60, view = function(x) return x:narrow(1, 2, 37):narrow(2, 9, 45) end},
  {name = 'expanded', rows = 1, columns = 45, view = function(x) return x:expand(37, 45) end},
}

-- Calls f(host, device, name) with equal tensors of these types in each layout. `writable` leaves out the expanded one.
function harness.each(types, writable, f)
  for _, typename in ipairs(types) do
    for _, layout in ipairs(harness.layouts) do
      if not (writable and layout.name == 'expanded') then
        local base = harness.random(typename, layout.rows, layout.columns)
        local device = base:type(harness.cudaType(typename))
        f(layout.view(base), layout.view(device), typename .. ' ' .. layout.name)
      end
    end
  end
end

-- Asserts that a tensor on the device holds what the CPU computed. `precision` is relative to the largest element.
function harness.same(tester, device, host, what, precision)
  local copy = device:type(host:type())
  tester:assertTableEq(copy:size():totable(), host:size():totable(), what .. ': sizes')
  local a, b = copy:double(), host:double()
  local largest = math.max(1, b:clone():abs():max())
  tester:assertle((a - b):abs():max(), (precision or 1e-5) * largest, what)
end

return harness
