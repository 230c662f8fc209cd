-- Tests of torch.Tester and torch.TestSuite: by a second tester, whose output is captured.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

-- Runs the functions of `suite` in a tester of its own. Returns its output, that tester, and how run ended.
-- The tests are called with that tester.
local function run(suite, prepare, patterns)
  local inner = torch.Tester()
  local functions = torch.TestSuite()
  for _, entry in ipairs(suite) do
    functions[entry[1]] = function() entry[2](inner) end
  end
  inner:add(functions)
  if prepare then prepare(inner) end
  local output, ended, result = harness.capture(function()
    local status = inner:run(patterns)  -- no tail call: the error names this line
    return status
  end)
  return output, inner, ended, result
end

local function passing(inner) inner:assert(true) end
local function failing(inner) inner:asserteq(1, 2, 'one is two') end

-- What stays on the screen when carriage returns are obeyed.
local function visible(output)
  return (output:gsub('[^\n]*\r', ''))
end

-- The violation that an assertion reports, without test name, message and place; nil when it held.
local function violation(assertion)
  local _, inner = run{{'name', assertion}}
  local text = inner.errors[1]
  return text and text:match('^name\n(.*)\nstack traceback:')
end

function test.progress_lines_are_80_columns_wide()
  local output = run{{'good', passing}, {'bad', failing}, {'broken', function() error('no') end}}

  local lines = {}
  for line in visible(output):gmatch('[^\n]+') do lines[#lines + 1] = line end
  tester:eq(lines[1], 'Running 3 tests')
  tester:eq(lines[2], '1/3 good ' .. string.rep('.', 64) .. ' [PASS]')
  tester:eq(lines[3], '2/3 bad ' .. string.rep('.', 65) .. ' [FAIL]')
  tester:eq(lines[4], '3/3 broken ' .. string.rep('.', 61) .. ' [ERROR]')
  tester:eq(lines[5], 'Completed 2 asserts in 3 tests with 1 failure and 1 error')
end

function test.a_running_test_shows_WAIT()
  local output = run{{'good', passing}}

  tester:assert(output:find('1/1 good [.]+ %[WAIT%]\r1/1 good [.]+ %[PASS%]\n') ~= nil)
end

function test.summary_counts_in_singular_and_plural()
  local output = run({{'one', passing}}, nil)
  tester:assert(output:find('Running 1 test\n', 1, true) ~= nil)
  tester:assert(output:find('Completed 1 assert in 1 test with 0 failures and 0 errors\n', 1, true) ~= nil)

  output = run({{'warned', function(inner) inner:assert(1) end}, {'off', failing}},
               function(inner) inner:disable('off') end)
  tester:assert(output:find('with 0 failures and 0 errors and 1 warning and 1 disabled\n', 1, true) ~= nil)
  tester:assert(visible(output):find('\n' .. string.rep(' ', 70) .. '[+warning]\n', 1, true) ~= nil)
  tester:assert(visible(output):find('[SKIP]', 1, true) ~= nil)
end

function test.report_names_test_message_violation_and_place()
  local output = run{{'bad', failing}}

  local rule = string.rep('%-', 80)
  local block = output:match(rule .. '\n(.-)\n' .. rule)
  tester:assert(block ~= nil)
  local text, place = block:match('^(.-\nstack traceback:)\n\t([^\n]+)\n')
  tester:eq(text, 'bad\none is two\nEQ failed: 1 ~= 2\nstack traceback:')
  tester:assert(place:match('Tester%.lua:%d+: in function ') ~= nil)
  tester:eq(block:find('cresset', 1, true), nil)
  tester:eq(block:find('main chunk', 1, true), nil)
end

function test.run_returns_0_or_raises_at_its_caller()
  local _, _, ended, result = run{{'good', passing}}
  tester:eq({ended, result}, {true, 0})

  _, _, ended, result = run{{'bad', failing}}
  tester:eq(ended, false)
  tester:assert(result:match('Tester%.lua:%d+: An error was found while running tests!$') ~= nil)
end

function test.a_failing_run_gives_the_program_a_failing_status()
  local script = [[
    local tester = torch.Tester()
    tester:add(function() tester:eq(1, tonumber(arg[1])) end, 'one')
    tester:run()
  ]]
  local _, errors, status = harness.run(script, '2')
  tester:eq(status, 1)
  tester:assert(errors:find('An error was found while running tests!', 1, true) ~= nil)

  _, errors, status = harness.run(script, '1')
  tester:eq({errors, status}, {'', 0})
end

function test.tests_run_in_the_order_of_their_definition()
  local order = {}
  local function note(name) return {name, function() order[#order + 1] = name end} end

  run{note('zebra'), note('apple'), note('mango')}

  tester:eq(order, {'zebra', 'apple', 'mango'})
end

function test.run_chooses_by_name_and_pattern()
  local ran = {}
  local function note(name) return {name, function() ran[#ran + 1] = name end} end
  local suite = {note('linear'), note('relu'), note('linearBias')}

  run(suite, nil, {'^linear'})
  tester:eq(ran, {'linear', 'linearBias'})

  ran = {}
  run(suite, nil, 'relu')
  tester:eq(ran, {'relu'})

  local _, _, ended, err = run(suite, nil, 'nothing')
  tester:eq(ended, false)
  tester:assert(err:find("Couldn't find test 'nothing'", 1, true) ~= nil)
end

function test.setUp_and_tearDown_surround_each_test()
  local events = {}
  run({{'a', function() events[#events + 1] = 'test' end}}, function(inner)
    inner:add(function(name) events[#events + 1] = 'up ' .. name end, '_setUp')
    inner:add(function(name) events[#events + 1] = 'down ' .. name end, '_tearDown')
  end)

  tester:eq(events, {'up a', 'test', 'down a'})
end

function test.tearDown_follows_a_test_that_raised()
  local down = {}
  local output, inner = run({{'a', function() error('in a') end}, {'b', function() end}}, function(inner)
    inner:add(function(name) table.insert(down, name) end, '_tearDown')
  end)

  tester:eq(down, {'a', 'b'})
  tester:eq({inner.testError.a, inner.testError.b}, {1, 0})
  tester:assert(output:find('0 failures and 1 error\n', 1, true) ~= nil)
end

function test.an_error_in_tearDown_is_one_of_its_test()
  local output = run({{'a', function() end}}, function(inner)
    inner:add(function() error('in tearDown') end, '_tearDown')
  end)

  tester:assert(output:find('[ERROR]', 1, true) ~= nil)
  tester:assert(output:find('in tearDown', 1, true) ~= nil)
end

function test.early_abort_stops_at_the_first_problem()
  local ran = 0
  run({{'bad', failing}, {'next', function() ran = ran + 1 end}}, function(inner) inner:setEarlyAbort(true) end)

  tester:eq(ran, 0)
end

function test.rethrown_errors_escape()
  local _, _, ended, err = run({{'broken', function() error('out of here', 0) end}},
                               function(inner) inner:setRethrowErrors(true) end)

  tester:eq({ended, err}, {false, 'out of here'})
end

function test.summary_only_leaves_out_lines_and_details()
  local output = run({{'bad', failing}}, function(inner) inner:setSummaryOnly(true) end)

  tester:eq(output, 'Running 1 test\nCompleted 1 assert in 1 test with 1 failure and 0 errors\n')
end

function test.add_and_disable_check_names()
  local inner = torch.Tester()
  tester:eq(inner:add(passing, 'a'), inner)
  tester:eq(inner:disable{'a'}, inner)

  tester:assertErrorPattern(function() inner:add(passing, 'a') end, 'Test with name a already exists!')
  tester:assertErrorPattern(function() inner:disable('b') end, "Unrecognized test 'b'")
  tester:assertErrorPattern(function() inner:add({x = {}}) end, 'Nested tables of tests are not supported')
  tester:assertErrorPattern(function() inner:add({x = 1}) end, 'Only functions are supported')
  tester:assertError(function() inner:add(3, 'c') end)
end

function test.a_plain_table_of_tests_records_a_warning()
  local inner = torch.Tester()

  inner:add{one = passing}

  tester:eq(#inner.warnings, 1)
  tester:eq(type(inner.tests.one), 'function')
end

function test.suite_refuses_a_second_test_of_a_name()
  local suite = torch.TestSuite()
  suite.one = passing

  tester:assertErrorPattern(function() suite.one = failing end, 'Test one is already defined.')
  tester:assertErrorPattern(function() suite.two = {} end, 'Nested tables of tests are not supported')
  tester:assertErrorPattern(function() suite.two = 2 end, 'Only functions are supported')
  tester:eq(suite.one, passing)
  tester:eq(suite.two, nil)
end

function test.assertions_return_their_outcome_and_count()
  local outcomes
  local _, inner = run{{'mixed', function(inner)
    outcomes = {inner:eq(1, 1), inner:ne(1, 1), inner:assertlt(1, 2), inner:assertError(function() end)}
  end}}

  tester:eq(outcomes, {true, false, true, false})
  tester:eq({inner.countasserts, inner.assertionPass.mixed, inner.assertionFail.mixed}, {4, 2, 2})
end

function test.errors_in_a_test_are_counted_apart_from_failures()
  local _, inner = run{{'broken', function() local x = nil + 1 end}}

  tester:eq({inner.testError.broken, inner.assertionFail.broken}, {1, 0})
  tester:assert(inner.errors[1]:find('attempt to perform arithmetic', 1, true) ~= nil)
end

function test.comparisons_say_what_was_violated()
  tester:eq(violation(function(t) t:assert(false) end), 'BOOL violation condition=false')
  tester:eq(violation(function(t) t:asserteq(1, 2) end), 'EQ failed: 1 ~= 2')
  tester:eq(violation(function(t) t:assertne(1, 1) end), 'NE failed: 1 == 1')
  tester:eq(violation(function(t) t:assertlt(2, 1) end), 'LT failed: 2 >= 1')
  tester:eq(violation(function(t) t:assertle(2, 1) end), 'LE failed: 2 > 1')
  tester:eq(violation(function(t) t:assertgt(1, 2) end), 'GT failed: 1 <= 2')
  tester:eq(violation(function(t) t:assertge(1, 2) end), 'GE failed: 1 < 2')
  tester:assert(violation(function(t) t:assertalmosteq(1, 2) end):find('^ALMOST_EQ failed: 1 ~= 2') ~= nil)
  tester:eq(violation(function(t) t:assertalmosteq(1, 1.25, 0.25) end), nil)
end

function test.eq_compares_tables_deeply_and_names_the_place()
  local a, b = {1, {x = {2}}}, {1, {x = {3}}}

  tester:eq(violation(function(t) t:eq(a, b) end), 'At table location 2.x.1: EQ failed: 2 ~= 3')
  tester:eq(violation(function(t) t:eq(a, b, 1) end), nil)
  tester:eq(violation(function(t) t:eq({1}, {1, 2}) end), 'At table location 2: EQ failed: nil ~= 2')
  tester:eq(violation(function(t) t:eq({1, 2}, {1}) end), 'At table location 2: EQ failed: 2 ~= nil')
  tester:eq(violation(function(t) t:assertTableEq({1}, {1}) end), nil)
  tester:assert(violation(function(t) t:assertTableNe({1}, {1}) end) ~= nil)
end

function test.eq_compares_tables_with_cycles()
  local a, b = {1}, {1}
  a.self, b.self = a, b

  tester:eq(violation(function(t) t:eq(a, b) end), nil)
  b[1] = 2
  tester:eq(violation(function(t) t:eq(a, b) end), 'At table location 1: EQ failed: 1 ~= 2')
end

function test.eq_tells_types_apart()
  tester:eq(violation(function(t) t:eq(1, '1') end), 'EQ failed: 1 ~= 1')
  tester:eq(violation(function(t) t:eq(true, true) end), nil)
  tester:eq(violation(function(t) t:eq(1 / 0, 1 / 0) end), nil)
  tester:assert(violation(function(t) t:eq(0 / 0, 0 / 0) end) ~= nil)
end

function test.tolerance_and_message_come_in_either_order()
  tester:eq(violation(function(t) t:eq(1, 1.5, 0.5, 'close') end), nil)
  tester:eq(violation(function(t) t:eq(1, 1.5, 'close', 0.5) end), nil)
  tester:eq(violation(function(t) t:eq(1, 1.5, 'close') end), 'close\nEQ failed: 1 ~= 1.5')
  tester:assertErrorPattern(function() tester:eq(1, 1, 0, 0) end, 'Tester%.lua:%d+: Tester: argument 4')
  tester:assertErrorPattern(function() tester:eq(1, 1, {}) end, 'argument 3: .* got table')
  tester:assertErrorPattern(function() tester:eq(1, 1, 0, '', 0) end, 'Tester:')
end

function test.error_assertions_look_at_what_was_raised()
  local function raise() error('tensor is empty', 0) end

  tester:eq(violation(function(t) t:assertError(raise) end), nil)
  tester:assert(violation(function(t) t:assertError(function() end) end):find('^ERROR violation: err=') ~= nil)
  tester:eq(violation(function(t) t:assertNoError(raise) end), 'ERROR violation: err=tensor is empty')
  tester:eq(violation(function(t) t:assertErrorMsg(raise, 'tensor is empty') end), nil)
  tester:eq(violation(function(t) t:assertErrorMsg(raise, 'tensor') end), 'ERROR violation: err=tensor is empty')
  tester:eq(violation(function(t) t:assertErrorPattern(raise, 'is %a+$') end), nil)
  tester:assert(violation(function(t) t:assertErrorPattern(raise, 'full') end) ~= nil)
  local function isTable(err) return type(err) == 'table' end
  tester:eq(violation(function(t) t:assertErrorObj(function() error({}) end, isTable) end), nil)
  tester:assert(violation(function(t) t:assertErrorObj(raise, isTable) end) ~= nil)
end

function test.assertions_inside_a_coroutine_show_its_frames()
  local _, inner = run{{'co', function(t) coroutine.wrap(function() t:eq(1, 2) end)() end}}

  tester:assert(inner.errors[1]:match('stack traceback:\n\t[^\n]*Tester%.lua:%d+') ~= nil)
end

function test.tensors_are_compared_by_type_size_and_value()
  local a, b = torch.Tensor{1, 2, 3}, torch.Tensor{1, 2, 3.5}

  tester:eq(violation(function(t) t:eq(a, a:clone()) end), nil)
  tester:eq(violation(function(t) t:eq(a, b) end), 'TensorEQ(==) violation: max diff=0.5, tolerance=0')
  tester:eq(violation(function(t) t:eq(a, b, 0.5) end), nil)
  tester:eq(violation(function(t) t:eq({x = a}, {x = b}) end),
            'At table location x: TensorEQ(==) violation: max diff=0.5, tolerance=0')
  tester:assert(violation(function(t) t:eq(a, a:float()) end):find('The tensors have different types', 1, true) == 1)
  tester:assert(violation(function(t) t:eq(a, torch.Tensor{1, 2}) end):find('different sizes', 1, true) ~= nil)
  tester:assert(violation(function(t) t:eq(a, a:view(1, 3)) end):find('different dimensions', 1, true) ~= nil)
  tester:assert(violation(function(t) t:ne(a, a:clone()) end):find('TensorNE(==) violation', 1, true) == 1)
  tester:eq(violation(function(t) t:ne(a, b) end), nil)
  tester:eq(violation(function(t) t:eq(torch.Tensor(), torch.Tensor()) end), nil)
end

function test.tensors_with_NaN_differ_and_equal_infinities_do_not()
  local inf = torch.Tensor{1 / 0, -1 / 0, 1}
  local nan = torch.Tensor{1 / 0, -1 / 0, 0 / 0}

  tester:eq(violation(function(t) t:eq(inf, inf:clone()) end), nil)
  tester:assert(violation(function(t) t:eq(inf, nan) end) ~= nil)
  tester:assert(violation(function(t) t:eq(inf, nan, 1e9) end) ~= nil)
end

function test.integer_and_view_tensors_are_compared()
  local bytes = torch.ByteTensor{{0, 255}, {1, 2}}

  tester:eq(violation(function(t) t:eq(bytes:t(), torch.ByteTensor{{0, 1}, {255, 2}}) end), nil)
  tester:eq(violation(function(t) t:eq(bytes, torch.ByteTensor{{0, 254}, {1, 2}}) end),
            'TensorEQ(==) violation: max diff=1, tolerance=0')
end

function test.assertTensorEq_only_warns_of_another_shape()
  local a = torch.Tensor{1, 2, 3, 4}

  local _, inner = run{{'shape', function(t) t:assertTensorEq(a, a:view(2, 2)) end}}
  tester:eq({#inner.errors, #inner.warnings}, {0, 1})

  tester:assert(violation(function(t) t:assertTensorEq(a, a:float()) end) ~= nil)
  tester:assert(violation(function(t) t:assertTensorEq(a, torch.Tensor{1}) end) ~= nil)
  tester:eq(violation(function(t) t:assertTensorNe(a, torch.Tensor{1, 2, 3, 5}) end), nil)
  tester:assertErrorPattern(function() tester:assertTensorEq(a, 3) end, 'expected two tensors')
end

function test.storages_are_compared_by_their_elements()
  local a = torch.DoubleStorage{1, 2}

  tester:eq(violation(function(t) t:eq(a, torch.DoubleStorage{1, 2}) end), nil)
  tester:eq(violation(function(t) t:eq(a, torch.DoubleStorage{1, 3}) end), 'StorageEQ(==) violation')
  tester:eq(violation(function(t) t:eq(a, torch.DoubleStorage{1}) end), 'StorageEQ(==) violation')
  tester:eq(violation(function(t) t:eq(a, torch.DoubleStorage{1, 2.25}, 0.25) end), nil)
  tester:eq(violation(function(t) t:eq({a}, {torch.DoubleStorage{1, 2.5}}, 0.25) end),
            'At table location 1: StorageEQ(==) violation')
end

tester:add(test):run()
