-- What the package torch adds to its classes: FFI types as classes, pointers, names of its parts.
local harness = dofile((arg[0] and debug.getinfo(1, 'S').source:match('^@(.*/)') or './') .. 'harness.lua')

local tester = torch.Tester()
local test = torch.TestSuite()

function test.an_ffi_type_may_be_a_class()
  local ffi = require 'ffi'
  ffi.cdef 'typedef struct { int a; } ClassTestPoint;'
  local mt = {hello = function(self) return self.a end}
  mt.__index = mt
  torch.metatype('test.Point', mt, 'ClassTestPoint')
  ffi.metatype('ClassTestPoint', mt)
  local point = ffi.new('ClassTestPoint', 3)
  tester:eq(torch.type(point), 'test.Point')
  tester:assert(torch.isTypeOf(point, 'test.Point'))
  tester:eq(point:hello(), 3)
  tester:eq(torch.typename(ffi.new 'int[1]'), nil)
end

-- What C hands out by pointer is of the reference type, which has a number of its own.
function test.a_reference_to_an_ffi_type_may_be_a_class()
  local ffi = require 'ffi'
  ffi.cdef 'typedef struct { int n; } ClassTestList;'
  local mt = {__version = 0, __len = function(self) return self.n end}
  ffi.metatype('ClassTestList', mt)
  torch.metatype('test.List', mt, 'ClassTestList&')
  local memory = ffi.new('ClassTestList[1]', {{5}})
  tester:eq({torch.type(memory[0]), torch.version(memory[0]), #memory[0]}, {'test.List', 0, 5})
  tester:eq(torch.typename(memory), nil)
end

function test.a_registered_metatable_keeps_its_ways()
  local mt = {__factory = function() return {} end}
  torch.metatype('test.Plain', mt)
  local object = setmetatable({1, 2}, mt)
  tester:eq({torch.type(object), torch.isTypeOf(object, 'test.Plain'), #object}, {'test.Plain', true, 2})
  tester:eq(torch.factory('test.Plain'), mt.__factory)
  tester:assert(getmetatable(setmetatable(object, nil)) == nil)
end

function test.a_hook_of_the_script_decides_what_is_equal()
  local x, y, s = torch.ShortTensor {1}, torch.ShortTensor {1}, torch.ShortStorage(1)
  local mt = getmetatable(x)
  tester:assert(x ~= y and x ~= mt.new(x) and x:storage() == x:storage())
  mt.__eq__ = function(a, b) return a:equal(b) end
  tester:assert(x == y and x ~= torch.ShortTensor {2} and x ~= torch.IntTensor {1} and x ~= s and x ~= nil)
  mt.__eq__ = nil
  tester:assert(x ~= y)
end

function test.include_finds_files_beside_the_caller_and_by_their_whole_path()
  local folder = harness.directory()
  local function write(name, text)
    local f = io.open(folder .. '/' .. name, 'w')
    f:write(text)
    f:close()
    return folder .. '/' .. name
  end
  local part = write('part.lua', 'return "part", 2')
  local main = write('main.lua', 'local a, b = include("part.lua")\nlocal c = include(...)\nreturn a .. b .. c\n')

  tester:eq(loadfile(main)(part), 'part2part')

  for _, file in ipairs {part, main, folder} do os.remove(file) end
end

function test.pointer_of_cdata_is_its_value()
  local x = torch.Tensor(2)
  tester:eq(torch.pointer(x:cdata()), torch.pointer(x))
  tester:eq(type(torch.pointer(3)), 'number')
end

-- torch.f looks at the first two arguments, at the first entry of a table, and at a type's name at the end.
function test.pointers_are_taken_of_objects_of_the_class_alone()
  local x, s = torch.FloatTensor {5, 6}, torch.FloatStorage {7}
  tester:eq({x:data()[1], s:data()[0], tonumber(x:cdata().size[0])}, {6, 7, 2})
  for _, method in ipairs {'data', 'cdata'} do
    for _, other in ipairs {1, 'a', s, torch.DoubleTensor(1), x:data(), io.stdout} do
      tester:assertErrorPattern(function() x[method](other) end, method .. ': argument 1: expected torch.FloatTensor, got')
    end
    tester:assertErrorPattern(function() s[method](x) end, 'expected torch.FloatStorage, got torch.FloatTensor')
  end
end

function test.a_class_with_functions_of_its_own_joins_torch()
  local mt = torch.class('test.OwnTensor', {})
  mt.torch = {add = function(...) return 'mine', ... end, zeros = function(...) return select('#', ...), ... end}
  local own = torch.factory('test.OwnTensor')()

  for _, arguments in ipairs {{own, 1}, {1, own}, {{own, 2}}, {own, torch.Tensor(1)}} do
    local result, first, second = torch.add(unpack(arguments))
    tester:eq(result, 'mine')
    tester:assert(rawequal(first, arguments[1]) and rawequal(second, arguments[2]))
  end
  tester:eq({torch.zeros(2, 3, 'test.OwnTensor')}, {2, 2, 3})
  tester:assertErrorPattern(function() torch.mul(own, 2) end,
                            'test.OwnTensor does not implement the torch.mul%(%) function')
  tester:assertErrorPattern(function() torch.add(torch.Tensor(1), own) end, 'DoubleTensor test.OwnTensor')
  tester:assertErrorPattern(function() torch.add(setmetatable({}, {torch = {add = print}}), 1) end, 'invalid arguments')
end

function test.parts_of_torch_can_be_required()
  for name in ('Tensor File CmdLine FFInterface Tester TestSuite test'):gmatch '%S+' do
    tester:assertNoError(function() require('torch.' .. name) end)
  end
end

-- Lua sees some bytes where a tensor holds megabytes. Memory that nobody writes to costs no pages.
function test.a_class_itself_prints_as_its_name()
  local names = {}
  for key, value in pairs(torch.getmetatable('torch.DiskFile')) do names[key] = tostring(value) end

  tester:eq(names.__metatable, 'torch.DiskFile')
  tester:eq(tostring(torch.getmetatable('torch.PipeFile')), 'torch.PipeFile')
  tester:eq(tostring(torch.getmetatable('torch.MemoryFile')), 'torch.MemoryFile')
end

function test.utilities_name_a_bad_argument()
  local function fails(f, text) tester:assertErrorPattern(f, text) end
  fails(function() torch.toc() end, "argument #1 to 'toc' %(number expected, got no value%)")
  fails(function() torch.include('no.such.package', 'x.lua') end, 'package no.such.package not found')
  fails(function() torch.include() end, "argument #1 to 'include'")
  fails(function() torch.packageLuaPath {} end, "argument #1 to 'packageLuaPath'")
  fails(function() torch.multinomialAlias(torch.LongTensor(2), {}) end, 'argument 2: expected the table of')
end

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
  torch.ShortTensor.aMethodOfMine = function() return 'mine' end
  tester:eq(torch.getmetatable('torch.ShortTensor').aMethodOfMine(), 'mine')
  tester:eq(getmetatable(torch.CharTensor).__typename, 'torch.CharTensor')
  local names = {}
  for name in pairs(getmetatable(torch.BFloat16Tensor)) do names[name] = true end
  tester:assert(names.add and names.size or false, 'the stand-in of a metatable lists the methods')
  tester:assert(torch.isTypeOf(torch.IntTensor(), torch.IntTensor))
  tester:eq(torch.LongTensor.new():dim(), 0)
  tester:eq(torch.typename(torch.factory('torch.HalfTensor')()), 'torch.HalfTensor')
  local ok, message = pcall(torch.class, 'torch.ByteStorage')
  tester:assert(not ok and message:find('already', 1, true) ~= nil, message)
end

-- As LuaJIT's string.format, with which the original prints: the C library rounds halves to even digits.
function test.numbers_print_as_string_format_writes_them()
  local function first(...) return (tostring(torch.Tensor {...}):match('^(.-)\n')) end
  for _, value in ipairs {0.15625, -0.21875, 0.59375, 1234.03125} do
    tester:eq(first(value), ('%' .. (math.abs(value) < 1 and 7 or 10) .. '.4f'):format(value))
  end
  for _, value in ipairs {10000.5, 10001.5, 1.00005e9, -123445e5} do
    tester:eq(first(value, 0.5), ('%11.4e'):format(value))
  end
  tester:eq(first(-0.0), ' 0')
  tester:eq(first(-0.0, 1.5), '-0.0000')
  tester:eq(first(0 / 0), 'nan')
  tester:eq(first(-(0 / 0), 1), 'nan')
end

-- OpenMP may give a parallel region fewer threads than it was asked for.
function test.fewer_threads_than_wanted_do_all_the_work()
  local script = 'torch.setnumthreads(4) print(torch.ones(1000000):sum())'
  for _, setting in ipairs {'OMP_THREAD_LIMIT=1', 'OMP_THREAD_LIMIT=2', 'OMP_DYNAMIC=true'} do
    local pipe = io.popen(("%s '%s' -e '%s'"):format(setting, arg[0], script))
    tester:eq(pipe:read '*a', '1000000\t\n', setting)
    pipe:close()
  end
end

-- Functions and classes are made when they are first used, which nobody needs to know.
function test.pairs_lists_what_nobody_used_yet()
  local pipe = io.popen(([['%s' -e "
    require 'nn'
    require 'optim'
    local function listed(t, names)
      local found = {}
      for key, value in pairs(t) do found[key] = value end
      for _, name in ipairs(names) do io.write(tostring(found[name] ~= nil and found[name] == t[name]), ' ') end
    end
    listed(torch, {'cmul', 'FloatTensor', 'LongStorage', 'Tester', 'save'})
    listed(torch.getmetatable 'torch.FloatTensor', {'cmul', 'size', 'new', '__index__'})
    listed(torch.getmetatable('torch.FloatTensor').torch, {'cmul'})
    listed(nn, {'Linear', 'MSECriterion', 'Jacobian', 'Copy'})
    listed(optim, {'sgd', 'lbfgs', 'Logger'})
    print(rawget(torch, 'CudaTensor'))"]]):format(arg[0]))
  tester:eq(pipe:read '*a', ('true '):rep(17) .. 'nil\t\n')
  pipe:close()
end

function test.functions_of_the_table_can_be_replaced()
  local old = torch.cinv
  torch.cinv = function() return 'mine' end
  tester:eq(torch.cinv(torch.ones(1)), 'mine')
  torch.cinv = old
  local class = torch.getmetatable 'torch.ShortTensor'
  class.cmax = function() return 'mine' end
  tester:eq(torch.ShortTensor(1):cmax(), 'mine')
  class.cmax = nil
  tester:eq(torch.ShortTensor{1, 2}:cmax(2):totable(), {2, 2})
  tester:assert(not getmetatable(class), 'a class of tensors has no parent')
end

function test.a_class_taken_out_of_the_registry_may_be_defined_anew()
  local first = torch.class('test_Cell')
  function first:value() return 1 end
  local old = test_Cell()
  tester:assertErrorPattern(function() torch.class('test_Cell') end, 'already assigned a factory')

  debug.getregistry()['test_Cell'] = nil  -- as iTorch does
  local second = torch.class('test_Cell')
  function second:value() return 2 end

  tester:eq({old:value(), test_Cell():value(), torch.type(old)}, {1, 2, 'test_Cell'})
  tester:eq(torch.deserialize(torch.serialize(test_Cell())):value(), 2)
  tester:assert(debug.getregistry()['torch.DoubleTensor'] == torch.getmetatable('torch.DoubleTensor'))
end

function test.numbers_with_a_metatable_still_meet_tensors()
  debug.setmetatable(0, {__index = math})
  local results = {(4):sqrt(), (2 * torch.ones(2)):sum(), (2 + torch.ones(2)):sum(), (2 - torch.ones(2) * 3):sum()}
  debug.setmetatable(0, nil)

  tester:eq(results, {2, 4, 6, -2})
end

tester:add(test):run()
