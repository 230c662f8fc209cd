-- Tests of x[{...}]: single elements, which compiled code reads itself, and tensors among the keys.
local tester = torch.Tester()
local test = torch.TestSuite()

local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'BFloat16', 'Float', 'Double'}
local function count(type_, ...)
  local x = torch.DoubleTensor(...)
  return x:copy(torch.range(1, x:nElement()):double():resizeAs(x)):type('torch.' .. type_ .. 'Tensor')
end
local function check(message, f, ...)
  local good, text = pcall(f, ...)
  tester:assert(not good and tostring(text):find(message, 1, true) ~= nil, message .. ' in ' .. tostring(text))
end
local function get(x, ...) return x[{...}] end
local function set(x, value, ...) x[{...}] = value end

-- Runs often enough to be compiled.
function test.elements_of_one_to_four_dimensions_of_every_type()
  for _, type_ in ipairs(types) do
    local a, b = count(type_, 5), count(type_, 5, 4):t()
    local c, d = count(type_, 2, 3, 4):transpose(1, 3), count(type_, 2, 2, 3, 4)
    local e = count(type_, 2, 1, 2, 1, 3)
    for _ = 1, 30 do
      for i = 1, 5 do assert(a[{i}] == i and a[{i - 6}] == i) end
      for i = 1, 4 do
        for j = 1, 5 do
          assert(b[{i, j}] == (j - 1) * 4 + i and b[{i - 5, j}] == b[{i, j - 6}])
          b[{i, j}] = b[{i, j}]
        end
        for j = 1, 3 do
          for k = 1, 2 do
            assert(c[{i, j, k}] == (k - 1) * 12 + (j - 1) * 4 + i and c[{-i, -j, -k}] == c[{5 - i, 4 - j, 3 - k}])
            assert(d[{k, -1, j, i}] == (k - 1) * 24 + 12 + (j - 1) * 4 + i)
          end
        end
      end
      for i = 1, 2 do assert(e[{i, 1, 2, 1, 3}] == i * 6) end
    end
    for i = 1, 4 do
      for j = 1, 5 do b[{i, -j}] = i + j end
    end
    for i = 1, 4 do
      for j = 1, 5 do assert(b[i][6 - j] == i + j) end
    end
  end
end

function test.fractions_of_indices_are_cut()
  local x = count('Double', 3, 4)
  for _ = 1, 100 do
    assert(x[{1.9, 2.5}] == 2 and x[{-1.5, -1.9}] == 12 and x[{3.99, 4.99}] == 12 and x[{'2', 1}] == 5)
  end
  check('index out of bound: 0', get, x, 0.5, 1)
  check('index out of bound: 0', get, x, -0.5, 1)
end

function test.written_values_convert_alike_in_every_number_of_dimensions()
  for _, type_ in ipairs(types) do
    local x, y = torch[type_ .. 'Tensor'](1, 1):zero(), torch[type_ .. 'Tensor'](1, 1, 1, 1, 1):zero()
    for _, value in ipairs {1.5, -1.5, 127, -128, 100.9, 1e4, 300, -1, 40000} do
      for _ = 1, 100 do x[{1, 1}] = value end
      y[{1, 1, 1, 1, 1}] = value
      tester:eq(x[{1, 1}], y[{1, 1, 1, 1, 1}], nil, type_ .. ' ' .. value)
    end
  end
end

function test.wrong_indices_are_errors_before_and_after_compiling()
  local x = count('Float', 3, 4)
  for _ = 1, 100 do
    assert(not pcall(get, x, 4, 1) and not pcall(get, x, 1, -5) and not pcall(set, x, 1, 0, 1))
    assert(not pcall(get, x, 1, 1, 1) and not pcall(get, torch.Tensor(), 1))
  end
  check('index out of bound: 4 in dimension 1 of torch.FloatTensor [3 x 4]', get, x, 4, 1)
  check('index out of bound: -5 in dimension 2', set, x, 1, 1, -5)
  check('index out of bound', get, x, 0 / 0, 1)
  check('too many indices provided', get, x, 1, 1, 1)
  check('number expected, got torch.FloatTensor', set, x, x, 1, 1)
  tester:eq(torch.type(x[{2}]), 'torch.FloatTensor')
  tester:eq(torch.type(x[{2, nil}]), 'torch.FloatTensor')
  tester:eq(x:sum(), 78)
end

-- Calls f with the compiler on and off: each has its own way to an element.
local function inBothModes(f)
  f()
  jit.off()
  local good, message = pcall(f)
  jit.on()
  tester:assert(good, tostring(message))
end

function test.texts_of_numbers_are_indices_and_other_texts_are_names()
  inBothModes(function()
    for _, type_ in ipairs(types) do
      local v, x, s = count(type_, 4), count(type_, 2, 2), torch[type_ .. 'Storage'] {5, 6}
      tester:eq({v['2'], v['-1'], v['0x3'], x['2'][1], s['2']}, {2, 4, 3, 3, 6})
      v['3'], s['1'] = 9, 8
      x['1'] = torch.Tensor {7, 8}
      tester:eq(v:totable(), {1, 2, 9, 4})
      tester:eq(x:totable(), {{7, 8}, {3, 4}})
      tester:eq(s:totable(), {8, 6})
      tester:eq({v.nan, v.inf, v.nothing, s.nan, s['']}, {})
      check('out of range: index 5', function() return v['5'] end)
      check('out of bounds: 3', function() return s['3'] end)
      check('cannot be indexed', function() v.nan = 1 end)
      tester:eq(v.dim, getmetatable(v).dim)
    end
  end)
end

function test.a_hook_of_the_script_sees_unknown_names()
  local mt = getmetatable(torch.FloatTensor())
  local hook = mt.__index__
  function mt.__index__(self, key)
    if key == 'T' then return self:t(), true end
    return hook(self, key)
  end
  inBothModes(function()
    local x = count('Float', 2, 3)
    tester:eq(x.T:totable(), {{1, 4}, {2, 5}, {3, 6}})
    tester:eq({x[{2, 3}], x['1'][2], x.dim, x.nothing}, {6, 2, mt.dim})
  end)
  mt.__index__ = hook
end

local I, J = torch.LongTensor {3, 1, 3}, torch.LongTensor {2, 4, 1}

function test.a_tensor_picks_slices_and_ranges_stay_ranges()
  local x = count('Double', 3, 4)
  tester:eq(x[{I, {2, 3}}], torch.Tensor {{10, 11}, {2, 3}, {10, 11}})
  tester:eq(x[{I}], x:index(1, I))
  tester:eq(x[{{}, J}], x:index(2, J))
  tester:eq(x[{{2}, J}], torch.Tensor {{6, 8, 5}})
  tester:eq(x[{2, J}], torch.Tensor {6, 8, 5})
  tester:eq(x[{J[{{1, 1}}], -1}], torch.Tensor {8})
  tester:eq(x:t()[{J, I}], torch.Tensor {10, 4, 9})
  x[{I}]:zero()  -- a copy
  tester:eq(x:sum(), 78)
end

function test.several_tensors_are_read_side_by_side_and_broadcast()
  local x = count('Int', 3, 4, 2)
  tester:eq(x[{I, J}]:totable(), {{19, 20}, {7, 8}, {17, 18}})
  tester:eq(x[{I, J, 2}]:totable(), {20, 8, 18})
  tester:eq(x[{I:view(3, 1), J}]:size():totable(), {3, 3, 2})
  for i = 1, 3 do
    for j = 1, 3 do
      tester:eq(x[{I:view(3, 1), J}][i][j]:totable(), x[I[i]][J[j]]:totable())
      tester:eq(x[{I:view(1, 3), {}, torch.LongTensor(3, 1):fill(2)}][i][j]:totable(), x[I[j]]:select(2, 2):totable())
    end
  end
  -- Apart from each other: their shape comes first.
  local y = count('Int', 2, 4, 3)
  local z = y[{torch.LongTensor {2, 1, 2}, {}, I}]
  tester:eq(z:size():totable(), {3, 4})
  for i = 1, 3 do
    for k = 1, 4 do tester:eq(z[i][k], y[i % 2 + 1 == 2 and 2 or 1][k][I[i]]) end
  end
  local w = y[{{}, J, I}]
  tester:eq(w:size():totable(), {2, 3})
  for i = 1, 2 do
    for k = 1, 3 do tester:eq(w[i][k], y[i][J[k]][I[k]]) end
  end
end

function test.masks_pick_from_one_dimension()
  local x = count('Float', 3, 4)
  tester:eq(x[{torch.ByteTensor {1, 0, 1}}], torch.FloatTensor {{1, 2, 3, 4}, {9, 10, 11, 12}})
  tester:eq(x[{{}, torch.ByteTensor {0, 0, 1, 1}}], torch.FloatTensor {{3, 4}, {7, 8}, {11, 12}})
  tester:eq(x[{torch.ByteTensor {0, 0, 0}}]:dim(), 0)
  x[{torch.ByteTensor {0, 0, 0}, {}}] = 5
  tester:eq(x:sum(), 78)
  x[{torch.ByteTensor {0, 1, 0}, {1, 3}}] = 0
  tester:eq(x:sum(), 78 - 18)
  check('expected a mask of 3 elements in dimension 1', get, x, torch.ByteTensor {1, 0})
end

function test.numbers_and_tensors_are_written()
  for _, type_ in ipairs(types) do
    local x = count(type_, 3, 4)
    x[{I, {}}] = 7
    tester:eq(x:double():totable(), {{7, 7, 7, 7}, {5, 6, 7, 8}, {7, 7, 7, 7}})
    x[{{}, J}] = torch.DoubleTensor {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
    tester:eq(x:double():totable(), {{3, 1, 7, 2}, {6, 4, 7, 5}, {9, 7, 7, 8}})
    x[{I, J}] = torch.DoubleTensor {10, 20, 30}
    tester:eq(x:double():totable(), {{3, 1, 7, 20}, {6, 4, 7, 5}, {30, 10, 7, 8}})
    x[{{}, I}] = torch.DoubleTensor {40, 50, 60}  -- one row for all; the last of two values stays
    tester:eq(x:double():totable(), {{50, 1, 60, 20}, {50, 4, 60, 5}, {50, 10, 60, 8}})
  end
  local x = count('Double', 3, 4)
  x[{I}] = x[{{1, 3}}]  -- its own memory
  tester:eq(x:totable(), {{5, 6, 7, 8}, {5, 6, 7, 8}, {9, 10, 11, 12}})
end

function test.tensors_that_cannot_pick_are_errors()
  local x = count('Double', 3, 4)
  check('index out of range: 4 in dimension 1', get, x, torch.LongTensor {1, 4})
  check('index out of range: 0 in dimension 2', get, x, {}, torch.LongTensor {0})
  check('index out of range: -1', get, x, torch.LongTensor {-1})
  check('empty tensor', get, x, torch.LongTensor())
  check('expected torch.LongTensor, got torch.IntTensor [1]', get, x, torch.IntTensor {1})
  check('[2] does not broadcast with torch.LongTensor [3]', get, x, I, torch.LongTensor {1, 2})
  check('too many indices provided', get, x, I, I, I)
  check('inconsistent tensor size', set, x, torch.Tensor(5), I)
  check('number or torch.*Tensor expected, got string', set, x, 'a', I)
  check('index out of range', set, x, 1, torch.LongTensor {1, 4})
  tester:eq(x:sum(), 78)
end

function test.a_long_tensor_as_the_key_itself_is_no_index()
  local x = count('Double', 3, 4)
  tester:eq(x[I], nil)
  check('cannot be indexed', function() x[I] = 1 end)
end

-- The compiled trace of __index ends in a call of C when rows made it hot; loops over elements take __index in still.
function test.a_loop_over_elements_is_compiled_whole_after_rows_were_read()
  local m, x = torch.ones(4, 4), torch.ones(1000)
  local function rows()
    for _ = 1, 400 do local _ = m[1] end
  end
  local function elements()
    local sum = 0
    for i = 1, 1000 do sum = sum + x[i] end
    return sum
  end
  local links = {}
  local function watch(what, trace, f)
    if what == 'start' then links[trace] = f == elements end
    if what == 'stop' and links[trace] then links[trace] = require('jit.util').traceinfo(trace).linktype end
  end
  jit.off(rows)
  jit.flush()
  rows()
  jit.attach(watch, 'trace')
  for _ = 1, 20 do tester:eq(elements(), 1000) end
  jit.attach(watch)
  local loops = 0
  for _, link in pairs(links) do loops = loops + (link == 'loop' and 1 or 0) end
  tester:eq(loops, 1)
end

tester:add(test):run()
