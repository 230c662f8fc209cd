-- What the package torch adds to its classes: FFI types as classes, pointers, names of its parts.
local tester = torch.Tester()
local test = torch.TestSuite()

function test.an_ffi_type_may_be_a_class()
  local ffi = require 'ffi'
  ffi.cdef 'typedef struct { int a; } ClassTestPoint;'
  local mt = {hello = function(self) return self.a end}
  mt.__index = mt
  torch.metatype('test.Point', mt, 'ClassTestPoint')
  local point = ffi.new('ClassTestPoint', 3)
  tester:eq(torch.type(point), 'test.Point')
  tester:assert(torch.isTypeOf(point, 'test.Point'))
  tester:eq(point:hello(), 3)
  tester:eq(torch.typename(ffi.new 'int[1]'), nil)
end

function test.pointer_of_cdata_is_its_value()
  local x = torch.Tensor(2)
  tester:eq(torch.pointer(x:cdata()), torch.pointer(x))
  tester:eq(type(torch.pointer(3)), 'number')
end

function test.parts_of_torch_can_be_required()
  for name in ('Tensor File CmdLine FFInterface Tester TestSuite test'):gmatch '%S+' do
    tester:assertNoError(function() require('torch.' .. name) end)
  end
end

-- Lua sees some bytes where a tensor holds megabytes. Memory that nobody writes to costs no pages.
function test.heap_tracking_lets_tensors_drive_the_collector()
  local live = require('cresset.torch').liveBytes
  local function makeAndForget()
    for _ = 1, 60 do torch.ByteTensor(10000000) end
  end
  collectgarbage()
  collectgarbage()
  collectgarbage 'stop'
  local before = live()

  torch.setheaptracking(false)
  tester:eq(torch._heaptracking, false)
  makeAndForget()
  tester:assertge(live() - before, 600000000)

  torch.setheaptracking(true)
  makeAndForget()
  tester:assertlt(live() - before, 400000000)
  collectgarbage 'restart'
  tester:assertErrorPattern(function() torch.setheaptracking() end, 'expected boolean, got nil')
end

-- Classes that nobody used are made when they are asked for, in whatever way that is. Each case has a type of its own.
function test.classes_are_there_before_their_first_use()
  torch.CudaShortTensor.aMethodOfMine = function() return 'mine' end
  tester:eq(torch.getmetatable('torch.CudaShortTensor').aMethodOfMine(), 'mine')
  tester:eq(getmetatable(torch.CudaCharTensor).__typename, 'torch.CudaCharTensor')
  local names = {}
  for name in pairs(getmetatable(torch.CudaByteTensor)) do names[name] = true end
  tester:assert(names.add and names.size or false, 'the stand-in of a metatable lists the methods')
  tester:assert(torch.isTypeOf(torch.CudaIntTensor(), torch.CudaIntTensor))
  tester:eq(torch.CudaLongTensor.new():dim(), 0)
  tester:eq(torch.typename(torch.factory('torch.CudaHalfTensor')()), 'torch.CudaHalfTensor')
  local ok, message = pcall(torch.class, 'torch.CudaStorage')
  tester:assert(not ok and message:find('already', 1, true) ~= nil, message)
end

tester:add(test):run()
