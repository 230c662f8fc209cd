-- torch.Tester: runs test functions, counts what they assert, reports what failed and where.
local comparison = require 'cresset.compare'
local frames = require 'cresset.frames'
local report = require 'cresset.testreport'
local torch = require 'torch'

local Tester = torch.class('torch.Tester')

-- The counts of asserts and problems are tables by test name; '' stands for what happens outside of a test.
function Tester:__init()
  self.tests = {}          -- by name
  self._order = {}         -- names, in the order in which they were added
  self.disabledTests = {}  -- set of names
  self.errors = {}         -- texts of failures and errors
  self.warnings = {}       -- texts
  self.countasserts = 0
  self.assertionPass = {}
  self.assertionFail = {}
  self.testError = {}
  self._warningCount = {}
  self._currentTestName = ''
  self._outerFrames = 0    -- user's frames outside of the running test
  self._thread = nil       -- the coroutine that runs it
  self.earlyAbort = false
  self.rethrowErrors = false
  self.summaryOnly = false
end

function Tester:setEarlyAbort(earlyAbort)
  self.earlyAbort = earlyAbort
end

function Tester:setRethrowErrors(rethrowErrors)
  self.rethrowErrors = rethrowErrors
end

function Tester:setSummaryOnly(summaryOnly)
  self.summaryOnly = summaryOnly
end

local function countUp(counts, name)
  counts[name] = (counts[name] or 0) + 1
end

-- message with the user's frames between the assertion (or the error) and the test function.
function Tester:_addDebugInfo(message)
  local lines = frames(1)
  if coroutine.running() == self._thread then
    for _ = 1, self._outerFrames do lines[#lines] = nil end
  end
  return message .. '\nstack traceback:\n\t' .. table.concat(lines, '\n\t') .. '\n'
end

function Tester:_success()
  self.countasserts = self.countasserts + 1
  countUp(self.assertionPass, self._currentTestName)
  return true
end

function Tester:_failure(message)
  self.countasserts = self.countasserts + 1
  countUp(self.assertionFail, self._currentTestName)
  table.insert(self.errors, self._currentTestName .. '\n' .. self:_addDebugInfo(message or ''))
  return false
end

function Tester:_warning(message)
  countUp(self._warningCount, self._currentTestName)
  table.insert(self.warnings, self._currentTestName .. '\n' .. self:_addDebugInfo(message or ''))
end

-- Adding tests.

function Tester:_addFunction(name, test)
  if type(name) ~= 'string' then error('Tester:add: the name of a test: expected string, got ' .. type(name), 3) end
  if type(test) ~= 'function' then
    local kind = type(test) == 'table' and 'Nested tables of tests are not supported' or
                   'Only functions are supported as tests'
    error(string.format('%s, but %s is a %s', kind, name, type(test)), 3)
  end
  if name == '_setUp' then
    self._setUp = test
  elseif name == '_tearDown' then
    self._tearDown = test
  else
    if self.tests[name] then error('Test with name ' .. name .. ' already exists!', 3) end
    self.tests[name] = test
    table.insert(self._order, name)
  end
end

function Tester:add(f, name)
  name = name or 'unknown'
  if type(f) == 'function' then
    self:_addFunction(name, f)
  elseif type(f) == 'table' then
    if name ~= 'unknown' then error('Tester:add: a table of tests takes no name', 2) end
    if rawget(f, '__isTestSuite') then
      for _, testName in ipairs(f.__order) do self:_addFunction(testName, f.__tests[testName]) end
    else
      self:_warning('A plain table loses a test when a second one has its name: use torch.TestSuite()')
      for testName, test in pairs(f) do self:_addFunction(testName, test) end
    end
  else
    error('Tester:add: argument 1: expected function or torch.TestSuite, got ' .. type(f), 2)
  end
  return self
end

function Tester:disable(names)
  if type(names) == 'string' then names = {names} end
  if type(names) ~= 'table' then
    error('Tester:disable: argument 1: expected name or table of names, got ' .. type(names), 2)
  end
  for _, name in ipairs(names) do
    if not self.tests[name] then error(string.format("Unrecognized test '%s'", name), 2) end
    self.disabledTests[name] = true
  end
  return self
end

-- Running them.

-- Calls f; returns whether it ended without an error, and whether no assertion in it failed.
function Tester:_pcall(f)
  local failures = self.assertionFail[self._currentTestName] or 0
  local ended = true
  if self.rethrowErrors then
    f()
  else
    self._outerFrames, self._thread = #frames(1), coroutine.running()
    ended = xpcall(f, function(message)
      countUp(self.testError, self._currentTestName)
      table.insert(self.errors, self._currentTestName .. '\n Function call failed\n' ..
                                  self:_addDebugInfo(tostring(message)))
    end)
    self._outerFrames = 0
  end
  return ended, (self.assertionFail[self._currentTestName] or 0) == failures
end

-- The names to run, in order: all, or those that match one of the patterns.
function Tester:_getTests(patterns)
  if patterns == nil then return self._order end
  if type(patterns) == 'string' then patterns = {patterns} end
  if type(patterns) ~= 'table' then
    error('Tester:run: argument 1: expected name or table of names, got ' .. type(patterns), 3)
  end
  local chosen = {}
  for _, pattern in ipairs(patterns) do
    local found = false
    for _, name in ipairs(self._order) do
      if name == pattern or name:find(pattern) then
        chosen[name] = true
        found = true
      end
    end
    if not found then error(string.format("Couldn't find test '%s'", pattern), 3) end
  end
  local names = {}
  for _, name in ipairs(self._order) do
    if chosen[name] then table.insert(names, name) end
  end
  return names
end

-- Runs one test and returns its tag in the report. What the test left behind is torn down even when it raised.
function Tester:_runOne(name)
  if self.disabledTests[name] then return 'SKIP' end
  local ended, passed = self:_pcall(function()
    if self._setUp then self._setUp(name) end
    self.tests[name]()
  end)
  if self._tearDown then
    local downEnded, downPassed = self:_pcall(function() self._tearDown(name) end)
    ended, passed = ended and downEnded, passed and downPassed
  end
  return not ended and 'ERROR' or not passed and 'FAIL' or 'PASS'
end

function Tester:_run(names)
  local progress = report.progress(#names, self.summaryOnly)
  for i, name in ipairs(names) do
    self._currentTestName = name
    self.assertionPass[name] = self.assertionPass[name] or 0
    self.assertionFail[name] = 0
    self.testError[name] = 0
    progress:start(i, name)
    local tag = self:_runOne(name)
    progress:finish(tag, (self._warningCount[name] or 0) > 0)
    self._currentTestName = ''
    if self.earlyAbort and (tag == 'FAIL' or tag == 'ERROR') then return end
  end
end

function Tester:_report(names)
  local function testsIn(counts)
    local n = 0
    for _, name in ipairs(names) do
      local count = counts[name]
      if count and count ~= 0 then n = n + 1 end
    end
    return n
  end
  report.summary{
    asserts = self.countasserts,
    tests = #names,
    failures = testsIn(self.assertionFail),
    errors = testsIn(self.testError),
    warnings = #self.warnings,
    disabled = testsIn(self.disabledTests),
  }
  if self.summaryOnly then return end
  report.details(self.errors, self.warnings)
end

function Tester:run(patterns)
  local names = self:_getTests(patterns)
  self:_run(names)
  self:_report(names)
  if #self.errors > 0 then error('An error was found while running tests!', 2) end
  return 0
end

-- Assertions. Each returns whether it held.

-- The text of a violation below the user's message; its %s stand for any values.
local function explained(message, violation, ...)
  local words = {...}
  for i = 1, select('#', ...) do words[i] = tostring(words[i]) end
  violation = violation:format(unpack(words))
  return message and message .. '\n' .. violation or violation
end

function Tester:_assert_sub(condition, message)
  if condition then return self:_success() end
  return self:_failure(message)
end

-- Sorts out a tolerance and a message, which may come in either order. Raises at the caller of the assertion.
local function toleranceAndMessage(default, ...)
  local tolerance, message
  local n = select('#', ...)
  for i = 1, n do
    local value = select(i, ...)
    if type(value) == 'number' and not tolerance then
      tolerance = value
    elseif type(value) == 'string' and not message then
      message = value
    elseif value ~= nil then
      error(string.format('Tester: argument %d: expected a tolerance and a message, got %s', i + 2, type(value)), 3)
    end
  end
  if n > 2 then error('Tester: expected at most 4 arguments, got ' .. n + 2, 3) end
  return tolerance or default, message
end

function Tester:assert(condition, message)
  if type(condition) ~= 'boolean' then
    self:_warning('Tester:assert: argument 1: expected boolean, got ' .. type(condition))
  end
  return self:_assert_sub(condition, explained(message, 'BOOL violation condition=%s', condition))
end

-- Makes the assertion that `holds(a, b)`; `opposite` is the sign that stands between them when it does not.
local function relation(label, opposite, holds)
  return function(self, a, b, message)
    return self:_assert_sub(holds(a, b), explained(message, '%s failed: %s %s %s', label, a, opposite, b))
  end
end

Tester.asserteq = relation('EQ', '~=', function(a, b) return a == b end)
Tester.assertne = relation('NE', '==', function(a, b) return a ~= b end)
Tester.assertlt = relation('LT', '>=', function(a, b) return a < b end)
Tester.assertle = relation('LE', '>', function(a, b) return a <= b end)
Tester.assertgt = relation('GT', '<=', function(a, b) return a > b end)
Tester.assertge = relation('GE', '<', function(a, b) return a >= b end)

function Tester:assertalmosteq(a, b, ...)
  local tolerance, message = toleranceAndMessage(1e-16, ...)
  return self:_assert_sub(math.abs(a - b) <= tolerance,
                          explained(message, 'ALMOST_EQ failed: %s ~= %s with tolerance=%s', a, b, tolerance))
end

function Tester:_eqOrNeq(wantEqual, got, expected, tolerance, message)
  local violation = comparison.compare(got, expected, tolerance)
  if wantEqual then return self:_assert_sub(not violation, violation and explained(message, '%s', violation)) end
  if violation then return self:_success() end
  if torch.isTensor(got) then
    local difference = comparison.maxDifference(got, expected)
    return self:_failure(explained(message, 'TensorNE(==) violation: max diff=%s, tolerance=%s', difference, tolerance))
  elseif torch.isStorage(got) then
    return self:_failure(explained(message, 'StorageNE(==) violation'))
  end
  return self:_failure(explained(message, 'NE failed: %s == %s', got, expected))
end

function Tester:eq(got, expected, ...)
  return self:_eqOrNeq(true, got, expected, toleranceAndMessage(0, ...))
end

function Tester:ne(got, expected, ...)
  return self:_eqOrNeq(false, got, expected, toleranceAndMessage(0, ...))
end

Tester.assertGeneralEq = Tester.eq
Tester.assertGeneralNe = Tester.ne

function Tester:_assertTableEqOrNeq(wantEqual, got, expected, tolerance, message)
  if type(got) ~= 'table' or type(expected) ~= 'table' then
    error(string.format('Tester: expected two tables, got %s and %s', torch.type(got), torch.type(expected)), 3)
  end
  return self:_eqOrNeq(wantEqual, got, expected, tolerance, message)
end

function Tester:assertTableEq(got, expected, ...)
  local tolerance, message = toleranceAndMessage(0, ...)
  return (self:_assertTableEqOrNeq(true, got, expected, tolerance, message))
end

function Tester:assertTableNe(got, expected, ...)
  local tolerance, message = toleranceAndMessage(0, ...)
  return (self:_assertTableEqOrNeq(false, got, expected, tolerance, message))
end

-- Unlike eq, compares tensors of unequal shapes element by element, with a warning.
function Tester:_assertTensorEqOrNeq(wantEqual, got, expected, tolerance, message)
  if not (torch.isTensor(got) and torch.isTensor(expected)) then
    error(string.format('Tester: expected two tensors, got %s and %s', torch.type(got), torch.type(expected)), 3)
  end
  if got:type() ~= expected:type() or got:nElement() ~= expected:nElement() then
    local violation = got:type() ~= expected:type() and 'The tensors have different types' or
                        'The tensors have different numbers of elements'
    return self:_assert_sub(not wantEqual, explained(message, '%s', violation))
  end
  if not got:isSameSizeAs(expected) then
    self:_warning(explained(message, 'The tensors have different sizes, their elements are compared in order'))
  end
  local difference = comparison.maxDifference(got, expected)
  local kind = wantEqual and 'EQ' or 'NE'
  return self:_assert_sub((difference <= tolerance) == wantEqual,
                          explained(message, 'Tensor%s(==) violation: max diff=%s, tolerance=%s', kind, difference,
                                    tolerance))
end

function Tester:assertTensorEq(got, expected, ...)
  local tolerance, message = toleranceAndMessage(0, ...)
  return (self:_assertTensorEqOrNeq(true, got, expected, tolerance, message))
end

function Tester:assertTensorNe(got, expected, ...)
  local tolerance, message = toleranceAndMessage(0, ...)
  return (self:_assertTensorEqOrNeq(false, got, expected, tolerance, message))
end

function Tester:assertError(f, message)
  return self:assertErrorObj(f, function() return true end, message)
end

function Tester:assertNoError(f, message)
  local ended, err = pcall(f)
  return self:_assert_sub(ended, explained(message, 'ERROR violation: err=%s', err))
end

function Tester:assertErrorMsg(f, text, message)
  return self:assertErrorObj(f, function(err) return err == text end, message)
end

function Tester:assertErrorPattern(f, pattern, message)
  return self:assertErrorObj(f, function(err) return type(err) == 'string' and err:find(pattern) ~= nil end, message)
end

-- Holds when f raises an error object for which holds(err) is true.
function Tester:assertErrorObj(f, holds, message)
  local ended, err = pcall(f)
  return self:_assert_sub(not ended and holds(err) and true or false,
                          explained(message, 'ERROR violation: err=%s', ended and 'none was raised' or err))
end

return torch.Tester
