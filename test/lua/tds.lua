-- tds: containers outside of Lua's heap.
local tds = require 'tds'
local tester = torch.Tester()
local test = torch.TestSuite()

-- The pairs of a container, in the order of its traversal.
local function collected(container)
  local keys, values = {}, {}
  for k, v in pairs(container) do keys[#keys + 1], values[#values + 1] = k, v end
  return keys, values
end

function test.hash_keeps_values_of_every_kind()
  local x, s = torch.rand(3), torch.LongStorage{1, 2}
  local h = tds.Hash{n = 1.5, s = 'te\0xt', b = false, x = x, storage = s}
  h[2] = 'two'
  h[true] = 'yes'
  h[x] = 'by object'

  tester:eq({h.n, h.s, h.b, h[2], h[true], h[x]}, {1.5, 'te\0xt', false, 'two', 'yes', 'by object'})
  tester:assert(torch.isequal(h.x, x) and torch.isequal(h.storage, s))
  tester:eq(h.nothing, nil)
  tester:eq(h[-0], nil)
  tester:eq(#h, 8)
end

function test.hash_removes_and_comes_back()
  local h = tds.Hash()
  for i = 1, 1000 do h[i] = i end
  for i = 1, 1000, 2 do h[i] = nil end
  h[5000] = nil  -- absent already
  tester:eq(#h, 500)
  for i = 1, 1000 do tester:assert(h[i] == (i % 2 == 0 and i or nil)) end
  for i = 1, 1000 do h[i] = -i end
  tester:eq(#h, 1000)
  tester:eq(h[999], -999)
  h[0] = 1
  tester:eq(h[-0], 1)  -- one key, as in Lua
end

function test.hash_traversal_is_in_order_of_insertion_and_may_remove()
  local h = tds.Hash()
  h.c = 1
  h.a = 2
  h[1] = 3
  tester:eq((collected(h)), {'c', 'a', 1})
  for k in pairs(h) do h[k] = nil end
  tester:eq(#h, 0)
  tester:eq((collected(h)), {})
end

function test.tables_become_containers()
  local h = tds.Hash{list = {1, {2, 3}}, map = {a = {b = true}}, empty = {}}
  tester:eq(torch.type(h.list), 'tds.Vec')
  tester:eq(torch.type(h.map), 'tds.Hash')
  tester:eq(torch.type(h.empty), 'tds.Vec')
  tester:eq(h.list[2][2], 3)
  tester:eq(h.map.a.b, true)
  h.list[1] = 7  -- shared, not copied
  tester:eq(h.list[1], 7)
end

function test.vec_counts_nil_and_grows()
  local v = tds.Vec(1, nil, 'c')
  tester:eq(#v, 3)
  v[6] = 6
  tester:eq(#v, 6)
  tester:eq({v[1], v[3], v[6]}, {1, 'c', 6})
  tester:eq(v[2], nil)
  tester:eq(v[7], nil)
  tester:eq(v[0], nil)
  local keys = collected(v)
  tester:eq(keys, {1, 2, 3, 4, 5, 6})
  local count = 0
  for i, x in ipairs(v) do
    count = count + 1
    tester:assert(x == v[i])
  end
  tester:eq(count, 6)
end

function test.vec_inserts_removes_and_resizes()
  local v = tds.Vec{1, 2, 3}
  v:insert(4)
  v:insert(1, 0)
  tester:eq(v:concat(','), '0,1,2,3,4')
  tester:eq(v:remove(), 4)
  tester:eq(v:remove(2), 1)
  tester:eq(v:concat(' ', 2, 3), '2 3')
  v:resize(5)
  tester:eq(#v, 5)
  v:resize(0)
  tester:eq(v:remove(), nil)
  tester:eq(tds.Vec('ab', 1.5):concatstorage('-'):string(), 'ab-1.5')
  tester:eq(tds.Vec():concat(), '')
end

function test.vec_sorts()
  local v = tds.Vec{3, 1, 2}
  v:sort()
  tester:eq(v:concat(' '), '1 2 3')
  v:sort(function(a, b) return a > b end)
  tester:eq(v:concat(' '), '3 2 1')
  local words = tds.Vec('b', 'a')
  words:sort()
  tester:eq(words:concat(), 'ab')
  tester:assertErrorPattern(function() tds.Vec(1, 'a'):sort() end, 'numbers alone or strings alone')
end

function test.counter()
  local c = tds.AtomicCounter()
  tester:eq({c:inc(), c:inc(), c:get()}, {0, 1, 2})
  c:set(10)
  tester:eq(tostring(c), 'tds.AtomicCounter=10')
end

function test.names_and_identity()
  local h = tds.hash()
  h.self = tds.vec()
  tester:eq(torch.typename(h), 'tds.Hash')
  tester:assert(torch.isTypeOf(h.self, 'tds.Vec'))
  tester:assert(h.self == h.self and torch.isequal(h.self, h.self))
  tester:assert(h.self ~= tds.Vec())
end

function test.print()
  tester:eq(tostring(tds.Vec(1, 'b')), 'tds.Vec[2]{\n    1 : 1\n    2 : b\n}')
  local h = tds.Hash()
  h.long = 1
  h.v = tds.Vec(5)
  tester:eq(tostring(h), 'tds.Hash[2]{\n    long : 1\n    v    : tds.Vec[1]{\n        1 : 5\n    }\n}')
end

function test.errors()
  local h, v = tds.Hash(), tds.Vec()
  tester:assertErrorPattern(function() tds.Hash(3) end, 'lua table or nothing expected')
  tester:assertErrorPattern(function() h[nil] = 1 end, '%[key%] value expected')
  tester:assertErrorPattern(function() h[0 / 0] = 1 end, 'expected a key, got nan')
  tester:assertErrorPattern(function() h.t = {} end, 'expected nil, boolean.*got table')
  tester:assertErrorPattern(function() h[print] = 1 end, 'got function')
  tester:assertErrorPattern(function() tds.Vec(print) end, 'got function')
  tester:assertErrorPattern(function() return v.foo end, 'invalid key %(number%) or method name')
  tester:assertErrorPattern(function() v[0] = 1 end, 'index out of bounds')
  tester:assertErrorPattern(function() v:insert(3, 1) end, 'insert: argument 2: index out of bounds')
  tester:assertErrorPattern(function() v:resize(-1) end, 'invalid size')
  tester:assertErrorPattern(function() tds.Vec(true):concat() end, 'element 1 is neither')
end

function test.files_keep_contents_and_identity()
  local inner = tds.Vec{1, 'a', true}
  local h = tds.Hash{x = torch.range(1, 3)}
  h.inner, h.again = inner, inner
  for _, mode in ipairs{'binary', 'ascii'} do
    local read = torch.deserialize(torch.serialize({h, h}, mode), mode)
    tester:assert(read[1] == read[2])
    tester:assert(read[1].inner == read[1].again)
    tester:eq(read[1].inner:concat(',', 1, 2), '1,a')
    tester:eq(read[1].x, h.x)
  end
  local c = tds.AtomicCounter()
  c:set(5)
  tester:eq(torch.deserialize(torch.serialize(c)):get(), 5)
end

-- The bytes that Torch7's tds writes: version 0, the count, then keys and values.
function test.bytes_are_those_of_torch7()
  local long3 = '\3\0\0\0\0\0\0\0'
  local function number(byte1, byte2) return '\1\0\0\0\0\0\0\0\0\0' .. byte2 .. byte1 end
  local bytes = '\4\0\0\0\1\0\0\0\3\0\0\0V 0\8\0\0\0tds.Hash' .. long3 ..
      number('\64', '\0') .. number('\64', '\8') .. number('\64', '\36') .. number('\64', '\38') ..
      number('\63', '\240') .. number('\64', '\0')
  local h = torch.deserialize(bytes)
  tester:eq({h[2], h[10], h[1]}, {3, 11, 2})
  tester:eq(torch.serialize(h), bytes)
end

function test.contents_do_not_burden_the_collector()
  collectgarbage()
  collectgarbage()
  local before = collectgarbage 'count'
  local v = tds.Vec()
  for i = 1, 100000 do v[i] = 'element ' .. i end
  collectgarbage()
  collectgarbage()
  tester:assertlt(collectgarbage 'count' - before, 1000)  -- KiB; a table of these would take 6000
  tester:eq(v[100000], 'element 100000')
end

function test.deep_nesting_is_freed_without_recursion()
  local deep = tds.Vec()
  for _ = 1, 300000 do deep = tds.Vec(deep) end
  deep = nil  -- luacheck: ignore
  collectgarbage()
  collectgarbage()
end

function test.handles_by_address()
  local h = tds.Hash{a = 1}
  torch.getmetatable('tds.Hash').retain(h)
  local other = torch.pushudata(torch.pointer(h), 'tds.Hash')
  tester:assert(other == h)
  other.b = 2
  tester:eq(h.b, 2)
end

tester:add(test):run()
