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

tester:add(test):run()
