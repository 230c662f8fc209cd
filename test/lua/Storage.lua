-- Storages in Lua: constructors, allocators, mapped files, and objects made from C pointers.
local ffi = require 'ffi'
local tester = torch.Tester()
local test = torch.TestSuite()

ffi.cdef [[
void *malloc(size_t);
void free(void *);
]]

-- An allocator over malloc that counts what it gives and takes back.
local function countingAllocator()
  local counts = {bytes = 0, freed = 0}
  local allocator = ffi.new('THAllocator', {
    malloc = function(_, bytes)
      counts.bytes = counts.bytes + tonumber(bytes)
      return ffi.C.malloc(bytes)
    end,
    free = function(_, data)
      counts.freed = counts.freed + 1
      ffi.C.free(data)
    end,
  })
  counts.keep = allocator
  return torch.pushudata(allocator, 'torch.Allocator'), counts
end

local function collect()
  collectgarbage()
  collectgarbage()
end

function test.allocator_gives_and_takes_the_memory()
  local allocator, counts = countingAllocator()
  tester:eq(torch.type(allocator), 'torch.Allocator')

  local s = torch.FloatStorage(allocator, 100):fill(2)
  tester:eq(counts.bytes, 400)
  s:resize(200)
  tester:eq({counts.bytes, counts.freed, s[100], #s}, {1200, 1, 2, 200})
  local t = torch.IntStorage(allocator, {1, 2, 3})
  tester:eq(t:totable(), {1, 2, 3})
  local x = torch.IntTensor(t)
  t, s = nil, nil  -- luacheck: ignore
  collect()
  tester:eq(counts.freed, 2)  -- the tensor holds the last
  tester:eq(x:sum(), 6)
  x = nil  -- luacheck: ignore
  collect()
  tester:eq(counts.freed, 3)
end

function test.allocator_errors()
  local broken = ffi.new 'THAllocator'
  local handle = torch.pushudata(ffi.cast('THAllocator *', broken), 'torch.Allocator')
  tester:assertErrorPattern(function() torch.FloatStorage(handle, 3) end, 'with malloc and free')
  local empty = ffi.new('THAllocator', {malloc = function() return nil end, free = function() end})
  tester:assertErrorPattern(function() torch.FloatStorage(torch.pushudata(empty, 'torch.Allocator'), 3) end,
                            'has no 12 bytes')
  tester:assertErrorPattern(function() torch.Allocator() end, 'no constructor')
end

function test.pushudata_makes_objects_from_pointers()
  local x = torch.rand(3)
  x:retain()
  local y = torch.pushudata(x:cdata(), 'torch.DoubleTensor')
  tester:assert(y == x)
  local s = x:storage()
  s:retain()
  tester:assert(torch.pushudata(torch.cdata(s, true), 'torch.DoubleStorage') == s)
  tester:assertErrorPattern(function() torch.pushudata(x:cdata(), 'torch.FloatTensor') end,
                            'expected a torch.FloatTensor, got a torch.DoubleTensor')
  tester:assertErrorPattern(function() torch.pushudata(x:cdata(), 'no.Class') end, 'unknown typename no.Class')
  tester:assertErrorPattern(function() torch.pushudata('text', 'torch.DoubleTensor') end, 'pointer or address')
  tester:assertErrorPattern(function() torch.pushudata(0, 'torch.DoubleTensor') end, 'null pointer')
end

function test.pushudata_of_a_class_of_ones_own()
  local mt = torch.class 'PushedPoint'
  function mt:x() return ffi.cast('double **', self)[0][0] end
  local point = ffi.new('double[2]', 3, 4)
  local object = torch.pushudata(point, 'PushedPoint')
  tester:eq(torch.type(object), 'PushedPoint')
  tester:eq(object:x(), 3)
  tester:assert(object == object)
end

tester:add(test):run()
