-- What users do wrong: each is a Lua error that says what was expected and what came, and the process goes on.
local harness = dofile((arg[0] and debug.getinfo(1, 'S').source:match('^@(.*/)') or './') .. 'harness.lua')

local tester = torch.Tester()
local tests = torch.TestSuite()

-- f raises an error whose text contains every one of the words.
local function fails(f, ...)
  local ok, message = pcall(f)
  tester:assert(not ok, 'no error')
  for _, word in ipairs {...} do
    tester:assert(tostring(message):find(word, 1, true) ~= nil, ('no %q in: %s'):format(word, tostring(message)))
  end
  return tostring(message)
end

function tests.wrong_type_names_operation_and_types()
  fails(function() torch.add(torch.FloatTensor(2), torch.DoubleTensor(2)) end, 'add', 'FloatTensor', 'DoubleTensor')
  fails(function() torch.FloatTensor(2):cmul(torch.IntTensor(2)) end, 'cmul', 'FloatTensor', 'IntTensor')
  fails(function() torch.Tensor(2):copy(3) end, 'copy: argument 2: torch.*Tensor expected, got number')
  fails(function() torch.FloatTensor(torch.IntTensor(2)) end,
        'expecting number or torch.FloatTensor or torch.FloatStorage, got torch.IntTensor')
  fails(function() torch.Tensor(2):view('a') end, 'torch.view, expected LongStorage or numbers as sizes, got string')
end

function tests.wrong_shape_names_the_shapes()
  fails(function() return torch.Tensor(2, 3) * torch.Tensor(2, 3) end, 'size mismatch', '[2 x 3]')
  fails(function() torch.Tensor(2):add(torch.Tensor(3)) end, 'inconsistent tensor size', '[2]', '[3]')
  fails(function() torch.Tensor(2, 3):t():view(6) end, 'expecting a contiguous tensor')
  fails(function() torch.Tensor(2, 3):view(4) end, 'Wrong size for view. Input size: 2x3. Output size: 4')
end

function tests.wrong_count_lists_what_is_expected()
  fails(function() torch.Tensor(2):add() end, 'invalid arguments', 'expected arguments')
  fails(function() torch.Tensor(2):sum(1, 2, 3) end, 'sum', 'invalid arguments: DoubleTensor number number number')
end

-- Only where nothing else is wrong: what was meant by a call that is wrong twice, nobody knows.
function tests.one_tensor_of_a_wrong_type_is_named()
  local x = torch.Tensor(2, 2)
  fails(function() x:index(1, torch.Tensor {1}) end,
        '\nargument 3: torch.LongTensor expected, got torch.DoubleTensor\nin x:index')
  fails(function() x:indexFill(1, {1}, 0) end, 'argument 3: torch.LongTensor expected, got table')
  fails(function() x:maskedFill(x, 0) end, 'argument 2: torch.ByteTensor expected, got torch.DoubleTensor')
  fails(function() torch.mm(x, x:float()) end, 'argument 2: torch.DoubleTensor expected, got torch.FloatTensor')
  for _, f in ipairs {function() x:add('a') end, function() x:index('a', x) end, function() torch.mm(x, x[1]) end} do
    local message = fails(f, 'invalid arguments')
    tester:assert(not message:find('\nargument', 1, true), message)
  end
end

function tests.nil_counts_as_an_argument()
  fails(function() torch.Tensor(2):sum(nil) end, 'sum', 'nil')
  fails(function() torch.Tensor(2):copy(nil) end, 'copy', 'nil')
end

function tests.size_and_stride_of_a_dimension_that_is_not_there()
  local x = torch.Tensor(2, 3)
  fails(function() x:size(3) end, 'size: dimension 3 out of range of 2D tensor')
  fails(function() x:stride(0) end, 'stride: dimension 0 out of range of 2D tensor')
  tester:eq({x:size(nil):totable(), x:stride(nil):totable()}, {{2, 3}, {3, 1}})  -- no dimension, as in Torch7
end

function tests.index_out_of_range_names_index_and_shape()
  local x = torch.Tensor(3)
  fails(function() return x[4] end, 'out of range', '4', '[3]')
  fails(function() return x[0] end, 'out of range')
  fails(function() x[4] = 1 end, 'out of range')
  fails(function() return torch.Tensor()[1] end, 'empty tensor')
  fails(function() return torch.Tensor(2, 2)[{1, 3}] end, 'index out of bound', '3')
end

function tests.error_points_at_the_line_of_the_caller()
  local line = debug.getinfo(1, 'l').currentline + 1
  local message = fails(function() torch.add(1, 2) end, 'add')
  tester:assert(message:find(':' .. line .. ':', 1, true) ~= nil, message)
  tester:assert(message:find('cresset/', 1, true) == nil, message)
end

function tests.failed_operation_leaves_the_result_alone()
  local x = torch.Tensor {1, 2, 3}
  pcall(function() x:add(torch.Tensor(2)) end)
  pcall(function() x:index(1, torch.LongTensor {1, 9}) end)
  pcall(function() x:indexFill(1, torch.LongTensor {1, 9}, 0) end)
  tester:eq(x, torch.Tensor {1, 2, 3})
end

function tests.label_out_of_range_names_criterion_and_range()
  require 'nn'
  local criterion = nn.ClassNLLCriterion()
  fails(function() criterion:forward(torch.Tensor(2, 3):fill(-1), torch.Tensor {1, 4}) end, 'ClassNLLCriterion', '4')
  tester:eq(criterion:forward(torch.Tensor(2, 3):fill(-1), torch.Tensor {1, 3}), 1)
end

function tests.module_error_says_where_in_the_network()
  require 'nn'
  local net = nn.Sequential():add(nn.Identity()):add(nn.Sequential():add(nn.Linear(4, 2)))
  fails(function() net:forward(torch.Tensor(3, 5)) end, 'In 2 module of nn.Sequential:\nIn 1 module of nn.Sequential:',
        'nn.Linear', '[3 x 5]')
end

function tests.missing_file_is_named()
  fails(function() torch.load('/nonexistent/net.t7') end, '/nonexistent/net.t7')
  fails(function() torch.DiskFile('/nonexistent/net.t7', 'r') end, '/nonexistent/net.t7')
end

function tests.full_disk_is_an_error()
  fails(function() torch.save('/dev/full', torch.Tensor(100000)) end, '/dev/full')
end

function tests.missing_permission_is_an_error_and_leaves_nothing()
  fails(function() torch.save('/proc/cresset.t7', {1}) end, '/proc/cresset.t7')
end

function tests.failed_save_keeps_the_old_file()
  local name = paths.tmpname()
  torch.save(name, {1, 2, 3})
  fails(function() torch.save(name, {coroutine.create(function() end)}) end, 'thread')
  tester:eq(torch.load(name), {1, 2, 3})
end

function tests.huge_size_is_an_error()
  fails(function() torch.Tensor(2 ^ 40, 2 ^ 40) end, 'too many elements')
  fails(function() torch.Tensor(2 ^ 50) end, 'allocate')
end

function tests.integer_division_by_zero_is_an_error()
  fails(function() torch.IntTensor {7}:div(0) end, 'division by zero')
  fails(function() torch.IntTensor {7}:cdiv(torch.IntTensor {0}) end, 'division by zero')
end

function tests.uncaught_error_ends_the_script_with_status_1()
  local output, errors, status = harness.run('print "before"\nlocal x = torch.Tensor(2) + torch.Tensor(3)\n')
  tester:eq(status, 1)
  tester:assert(output:find 'before' ~= nil, output)
  tester:assert(errors:find(':2: ', 1, true) ~= nil, errors)
  tester:assert(errors:find('stack traceback:', 1, true) ~= nil, errors)
end

-- The script signals itself; the loop is one that LuaJIT compiles. ThreadSanitizer delivers signals when a function of
-- the C library is called, and only then.
function tests.interrupt_stops_a_loop_and_pcall_catches_it()
  local step = os.getenv 'TSAN_OPTIONS' and 'os.time()' or 'n = n + 1'
  local script = [[
    local ffi = require 'ffi'
    ffi.cdef 'int getpid(void); int kill(int, int);'
    os.execute('(sleep 0.3; kill -INT ' .. ffi.C.getpid() .. ') &')
    local ok, message = pcall(function() local n = 0 while true do STEP end end)
    print(ok, message:match('interrupted') or message)
    print(torch.Tensor(3):fill(2):sum())
  ]]
  local output, errors, status = harness.run((script:gsub('STEP', step)))
  tester:eq(status, 0, errors)
  tester:assert(output:find('interrupted', 1, true) ~= nil, output)
  tester:assert(output:find('6', 1, true) ~= nil, output)
end

tester:add(tests)
tester:run()
