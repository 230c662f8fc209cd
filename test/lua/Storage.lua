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

-- The test's own file name, for mapping; the test removes it.
local function temporaryName()
  local name = paths.tmpname()
  os.remove(name)
  return name
end

local function collect()
  collectgarbage()
  collectgarbage()
end

function test.part_of_another_shares_its_memory()
  local s = torch.DoubleStorage{1, 2, 3, 4}
  local part = torch.DoubleStorage(s, 2, 2)
  part[1] = 9
  tester:eq({s[2], #part, #torch.DoubleStorage(s, 3)}, {9, 2, 2})
  tester:assertErrorPattern(function() part:resize(4) end, 'Trying to resize storage that is not resizable')
  tester:assertErrorPattern(function() torch.DoubleStorage(s, 6) end, 'offset out of bounds')
  tester:assertErrorPattern(function() torch.DoubleStorage(s, 2, 9) end, 'size out of bounds')
  tester:assertErrorPattern(function() torch.DoubleStorage(torch.FloatStorage(2)) end, 'expected torch.DoubleStorage')
end

function test.borrowed_memory_is_given_by_address()
  local x = torch.Tensor{7, 8, 9}
  for _, address in ipairs{x:data(true), tonumber(x:data(true))} do
    local s = torch.DoubleStorage(3, address)
    s[2] = s[2] + 1
    tester:assertErrorPattern(function() s:resize(5) end, 'Trying to resize')
  end
  tester:eq(x[2], 10)
  tester:assertErrorPattern(function() torch.DoubleStorage(3, 0) end, 'expected an address, got 0')
  tester:assertErrorPattern(function() torch.DoubleStorage(3, {}) end, 'expected number, got table')
end

function test.private_map_copies_on_write()
  local name = temporaryName()
  local written = torch.DoubleStorage(name, true, 10):fill(3)
  local private = torch.DoubleStorage(name)
  private[2] = 6
  tester:eq({#private, written[2], private[2]}, {10, 3, 6})
  tester:eq(#torch.DoubleStorage(name, false, 4), 4)
  tester:assertErrorPattern(function() written:resize(20) end, 'Trying to resize')
  os.remove(name)
end

function test.shared_map_writes_to_the_file_and_extends_it()
  local name = temporaryName()
  local a = torch.DoubleStorage(name, true, 10):fill(3)
  local b = torch.DoubleStorage(name, true)
  b[3] = 11
  tester:eq(a[3], 11)
  local longer = torch.DoubleStorage(name, true, 20)
  tester:eq({#longer, longer[3], longer[20]}, {20, 11, 0})
  os.remove(name)
  tester:assertErrorPattern(function() torch.DoubleStorage(name) end, 'unable to open file <.*> in read%-only mode')
end

function test.shared_memory_object()
  local name = '/cresset_test_' .. torch.random()
  local a = torch.FloatStorage(name, true, 8, true):fill(4)
  local b = torch.FloatStorage(name, true, 8, true)
  b[8] = 5
  tester:eq({a[1], a[8]}, {4, 5})
  os.remove('/dev/shm' .. name)
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

function test.element_size_needs_no_object()
  local x = torch.FloatTensor(3)
  tester:eq({x:elementSize(), x.elementSize(), x:storage():elementSize(), x:storage().elementSize()}, {4, 4, 4, 4})
  tester:eq({torch.HalfTensor.elementSize(), torch.LongStorage.elementSize()}, {2, 8})
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

function test.ffi_code_counts_references_by_torch7_names()
  for _, real in ipairs {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double', 'Half'} do
    local x = torch[real .. 'Tensor'](3)
    for name, object in pairs {Storage = x:storage():cdata(), Tensor = x:cdata()} do
      local prefix = 'TH' .. real .. name
      ffi.cdef(('void %s_retain(%s *); void %s_free(%s *);'):format(prefix, prefix, prefix, prefix))
      local count = object.refcount
      ffi.C[prefix .. '_retain'](object)
      tester:eq(object.refcount, count + 1)
      ffi.C[prefix .. '_free'](object)
      tester:eq(object.refcount, count)
      ffi.C[prefix .. '_free'](nil)
    end
  end
end

function test.a_storage_moves_from_one_tensor_to_another()
  local x, y = torch.FloatTensor(4):fill(3), torch.FloatTensor(4)
  local storage = x:cdata().storage
  x:cdata().storage = nil
  tester:eq(x:storage(), nil)

  ffi.C.THFloatStorage_free(y:cdata().storage)
  y:cdata().storage = storage

  tester:eq(y, torch.FloatTensor {3, 3, 3, 3})
  tester:eq(storage.refcount, 1)
end

tester:add(test):run()
