-- More than 2^31 elements: no kernel, view or file counts in 32 bits. Needs about 9 GB of memory and 3 of disk.
local free = 0
for line in io.lines '/proc/meminfo' do free = tonumber(line:match '^MemAvailable:%s+(%d+)') or free end
if free < 11e6 then
  print('skipped: 11 GB of free memory are needed')
  os.exit(0)
end

local tester = torch.Tester()
local test = torch.TestSuite()

local n = 2 ^ 31 + 13  -- odd, and three rows of `third`
local third = n / 3
local last, middle = n, 2 ^ 31 + 1

-- Elements that differ wherever a 32-bit position would mistake one for another.
local function marked()
  local x = torch.CharTensor(n):fill(1)
  x[last], x[middle], x[2 ^ 31], x[1] = 5, 6, 7, 8
  return x
end
local function checkMarked(x, add)
  add = add or 0
  tester:eq({x[last], x[middle], x[2 ^ 31], x[1], x[2], x[14]}, {5 + add, 6 + add, 7 + add, 8 + add, 1 + add, 1 + add})
end
local total = n - 4 + 5 + 6 + 7 + 8

local function fresh(f)
  return function()
    collectgarbage()
    collectgarbage()
    f()
    collectgarbage()
    collectgarbage()
  end
end

test.filling_adding_and_summing = fresh(function()
  local x = marked()
  checkMarked(x)
  tester:eq(x:nElement(), n)
  tester:eq(x:sum(), total)
  x:add(1)
  checkMarked(x, 1)
  tester:eq(x:sum(), total + n)
  x:add(x)  -- tensor and tensor
  tester:eq(x[middle], 14)
end)

test.copying = fresh(function()
  local x = marked()
  local y = x:clone()
  checkMarked(y)
  x:zero():copy(y)
  checkMarked(x)
  local rows = x:view(3, third)
  y:view(third, 3):copy(rows:t())
  tester:eq({y[1], y[n], y[n - 3], y[4]}, {8, 5, 1, 1})
  -- element i (from 0) of x is element (i % third) * 3 + floor(i / third) of y
  for _, i in ipairs {last, middle, 2 ^ 31, 1} do
    local at = i - 1
    tester:eq(y[(at % third) * 3 + math.floor(at / third) + 1], x[i])
  end
  tester:eq(y:sum(), total)
end)

test.comparing_and_masks = fresh(function()
  local x = marked()
  local mask = x:gt(1)
  tester:eq(mask:sum(), 4)
  tester:eq(x[mask]:totable(), {8, 7, 6, 5})
  tester:eq(x:maskedSelect(mask):totable(), {8, 7, 6, 5})
  tester:eq(mask:nonzero():view(4):totable(), {1, 2 ^ 31, middle, last})
  x[mask] = 2
  tester:eq(x:sum(), n + 4)
  x:maskedCopy(mask, torch.CharTensor {8, 7, 6, 5})
  checkMarked(x)
  local y = x:clone()
  y[last] = 9
  tester:eq(torch.ne(x, y):nonzero():totable(), {{last}})
  tester:assert(not torch.all(torch.eq(x, y)))
end)

test.extremes_and_reductions_by_dimension = fresh(function()
  local x = marked()
  x[last - 1] = 100
  x[middle + 1] = -100
  tester:eq(x:max(), 100)
  tester:eq(x:min(), -100)
  local value, at = x:max(1)
  tester:eq({value[1], at[1]}, {100, last - 1})
  value, at = x:min(1)
  tester:eq({value[1], at[1]}, {-100, middle + 1})
  value, at = x:view(3, third):max(2)
  tester:eq(at:view(3):totable()[3], last - 1 - 2 * third)
  value, at = x:view(1, n):t():max(1)
  tester:eq(at[1][1], last - 1)
  x:fill(1)
  x[last] = 2
  local columns = x:view(n, 1):sum(1)
  tester:eq(columns[1][1], x:view(1, n):sum(2)[1][1])
  local rows = x:view(third, 3):sum(1)  -- in int8: modulo 256
  tester:eq((rows[1][3] - rows[1][1]) % 256, 1)
end)

test.indices = fresh(function()
  local x = marked()
  local at = torch.LongTensor {last, 1, middle, 2 ^ 31, 2}
  local expected = {5, 8, 6, 7, 1}
  tester:eq(x:index(1, at):totable(), expected)
  tester:eq(x:gather(1, at):totable(), expected)
  tester:eq(x[{at}]:totable(), expected)
  tester:eq({x[{last}], x[{{last}}][1], x[torch.LongStorage {middle}]}, {5, 5, 6})
  tester:eq(x:view(3, third)[{3, third}], 5)
  tester:eq(x:view(third, 3):select(2, 3):index(1, torch.LongTensor {third})[1], 5)
  x:indexFill(1, torch.LongTensor {last, middle}, 3)
  tester:eq({x[last], x[middle]}, {3, 3})
  x:indexCopy(1, torch.LongTensor {middle}, torch.CharTensor {4})
  x:indexAdd(1, torch.LongTensor {last}, torch.CharTensor {40})
  x:scatter(1, torch.LongTensor {2 ^ 31}, 44)
  tester:eq({x[last], x[middle], x[2 ^ 31]}, {43, 4, 44})
  x[{torch.LongTensor {last, middle}}] = 9
  tester:eq({x[last], x[middle]}, {9, 9})
  tester:eq(x:sum(), n - 4 + 9 + 9 + 44 + 8)
  tester:eq(x:narrow(1, middle, 3):totable(), {9, 1, 1})
  tester:eq(x:unfold(1, 2, 1):size(1), n - 1)
end)

test.joining_and_repeating = fresh(function()
  local half = torch.CharTensor((n - 1) / 2):fill(1)
  half[1], half[half:nElement()] = 2, 3
  local x = torch.cat({half, torch.CharTensor {9}, half}, 1)
  local m = half:nElement()
  tester:eq({x:nElement(), x[m], x[m + 1], x[m + 2], x[n]}, {n, 3, 9, 2, 3})
  x = nil
  collectgarbage()
  local r = torch.CharTensor(third):fill(1)
  r[third] = 4
  r = r:repeatTensor(3)
  tester:eq({r[third], r[2 * third], r[n], r[n - 1]}, {4, 4, 4, 1})
end)

test.running_sums = fresh(function()
  local x = torch.CharTensor(n):fill(1)
  local y = x:cumsum(1)
  local function int8(v) return (v + 128) % 256 - 128 end
  for _, i in ipairs {1, 2 ^ 31, middle, last} do tester:eq(y[i], int8(i)) end
end)

test.pointwise_pairs_of_different_types_and_layouts = fresh(function()
  local x = marked()
  local y = x:view(third, 3):t()  -- 3 x third, not contiguous
  local z = torch.cmul(y, y)
  tester:eq(z[1][1], 64)
  tester:eq(z[{3, third}], 25)
  z = nil
  collectgarbage()
  local b = x:byte()
  tester:eq({b[last], b[middle]}, {5, 6})
  x:copy(b)
  checkMarked(x)
end)

test.saving_and_loading = fresh(function()
  local x = marked()
  for _, ending in ipairs {'.t7', '.npy', '.npz', '.safetensors'} do
    local name = os.tmpname()
    local path = name .. ending
    local table_ = ending == '.npz' or ending == '.safetensors'
    torch.save(path, table_ and {x = x} or x)
    local y = torch.load(path)
    os.remove(path)
    os.remove(name)
    if table_ then y = y.x end
    checkMarked(y)
    tester:eq(y:sum(), total)
    y = nil
    collectgarbage()
  end
end)

-- BLAS counts with 32 bits.
test.matrix_products = fresh(function()
  local x = torch.FloatTensor(n):zero()
  x[n], x[middle], x[1] = 3, 2, 1
  tester:eq(torch.mm(x:view(1, n), x:view(n, 1)):totable(), {{14}})
  local apart = torch.FloatTensor(x:storage(), 1, torch.LongStorage {2, 3}, torch.LongStorage {middle - 1, 1})
  tester:eq(torch.mm(apart, torch.FloatTensor(3, 2):fill(1)):totable(), {{1, 1}, {2, 2}})
  tester:eq(torch.mv(apart:t(), torch.FloatTensor {1, 1}):totable(), {3, 0, 0})
end)

tester:add(test):run()
