-- Tests of torch.save, torch.load and what they do with Lua values, classes and functions.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local function copy(value, mode, options) return torch.deserialize(torch.serialize(value, mode), mode, options) end

shapes = {}
local mt = torch.class('shapes.Point')
function mt:__init(x, y) self.x, self.y = x, y end
torch.class('shapes.Point3', 'shapes.Point')

-- Writes and reads itself.
local packed = torch.class('shapes.Packed')
packed.__version = 7
function packed:__init(values) self.values = values end
function packed:write(file)
  file:writeInt(#self.values)
  for _, value in ipairs(self.values) do file:writeObject(value) end
end
function packed:read(file, version)
  self.version, self.values = version, {}
  for i = 1, file:readInt() do self.values[i] = file:readObject() end
end

function test.scalars_and_strings_come_back()
  for _, mode in ipairs {'binary', 'ascii'} do
    for _, value in ipairs {1.5, -0.1, 1 / 0, true, false, '', 'a\nb\0c', 2 ^ 53} do
      tester:eq(copy(value, mode), value)
    end
    tester:eq(copy(nil, mode), nil)
    local nan = copy(0 / 0, mode)
    tester:assert(nan ~= nan)
  end
end

function test.ascii_is_the_text_of_the_format()
  tester:eq(torch.serialize({10}, 'ascii'), '3\n1\n1\n1\n1\n1\n10\n')
end

function test.shared_tables_and_tensors_stay_shared_and_cycles_close()
  local x = torch.FloatTensor(2, 3):fill(1)
  local t = {x = x, view = x:t(), again = x, storage = x:storage(), inner = {}}
  t.inner.up, t.inner[x], t[t.inner] = t, 'tensor as key', 'table as key'
  for _, mode in ipairs {'binary', 'ascii'} do
    local u = copy(t, mode)

    tester:assert(rawequal(u.inner.up, u))
    tester:eq(u[u.inner], 'table as key')
    tester:assert(rawequal(u.x, u.again))
    tester:eq(u.inner[u.x], 'tensor as key')
    tester:eq(torch.pointer(u.view:storage()), torch.pointer(u.storage))
    u.x[1][2] = 5
    tester:eq(u.view[2][1], 5)
  end
end

function test.without_references_what_is_shared_becomes_two()
  local name = harness.file('')
  local shared = {1}
  torch.save(name, {shared, shared}, 'binary', false)
  local t = torch.load(name, 'binary', false)
  tester:assert(t[1] ~= t[2])
  tester:eq(t[2][1], 1)
end

function test.instances_keep_class_fields_and_parents()
  local p = shapes.Point3(1, 2)
  p.other = p
  local q = copy(p)
  tester:eq(torch.typename(q), 'shapes.Point3')
  tester:eq({q.x, q.y}, {1, 2})
  tester:assert(q.other == q)
end

function test.classes_may_write_and_read_themselves()
  local inner = shapes.Packed {'deep'}
  local p = shapes.Packed {1, 'two', {3}, inner, inner}
  local q = copy(p)
  tester:eq(q.version, 7)
  tester:eq(q.values[3][1], 3)
  tester:eq(q.values[4].values[1], 'deep')
  tester:assert(rawequal(q.values[4], q.values[5]))
end

function test.an_error_in_a_hook_reaches_the_caller_and_leaves_the_old_file()
  local folder = harness.directory()
  local name = folder .. '/x.t7'
  torch.save(name, 'old')
  local broken = shapes.Packed {function() end, coroutine.create(function() end)}

  tester:assertErrorPattern(function() torch.save(name, broken) end, 'Unwritable object <thread>')
  broken.values = nil
  tester:assertErrorPattern(function() torch.save(name, broken) end, 'serialize.lua:%d+:')

  tester:eq(torch.load(name), 'old')
  tester:eq(#paths.dir(folder), 3)
  paths.rmall(folder, 'yes')
end

function test.compiled_code_goes_on_after_an_error_in_a_hook()
  local class = torch.class('shapes.Broken')
  function class:write() error('cannot write this', 0) end
  local object, failures = shapes.Broken(), 0

  for _ = 1, 1000 do  -- so often that the loop is compiled
    local ended, message = pcall(torch.serialize, object)
    if not ended and message == 'cannot write this' then failures = failures + 1 end
  end

  tester:eq(failures, 1000)
end

function test.what_cannot_be_saved_is_named_with_its_place()
  local thread = coroutine.create(function() end)
  tester:assertErrorPattern(function() torch.serialize {a = {b = thread}} end, 'Unwritable object <thread> at <%?>.a.b')
  tester:assertErrorPattern(function() torch.serialize {string.format} end, 'Unwritable object <function> at <%?>.1')
  tester:assertErrorPattern(function() torch.serialize {f = torch.MemoryFile()} end, 'torch.MemoryFile> at <%?>.f')
  local f = function() return thread end
  tester:assertErrorPattern(function() torch.serialize {f = f} end, 'Unwritable object <thread> at <%?>.f.thread')
  local file = torch.MemoryFile()
  tester:eq(file:isWritableObject(thread), nil)
  tester:eq(file:isWritableObject {}, 3)
  tester:eq(file:isWritableObject(torch.Tensor()), 4)
  tester:assertErrorPattern(function() file:writeObject({thread}, 'net') end, 'at net.1')
end

function test.unwritable_fields_of_instances_are_skipped_with_a_line()
  local p = shapes.Point(1, coroutine.create(function() end))
  local lines = {}
  local print_ = print
  print = function(line) lines[#lines + 1] = line end
  local ok, q = pcall(copy, p)
  print = print_
  tester:assert(ok)
  tester:eq({q.x, q.y == nil}, {1, true})
  tester:eq(#lines, 1)
  tester:assert(lines[1]:find('$ Warning: cannot write object field <y> of <shapes.Point>', 1, true) == 1)
end

function test.saves_into_a_pipe()
  local output = harness.run("torch.save('/dev/stdout', 5)", '')
  tester:eq(torch.deserialize(output), 5)
end

function test.a_missing_value_is_nil()
  local folder = harness.directory()
  torch.save(folder .. '/nothing.t7')
  tester:eq({torch.load(folder .. '/nothing.t7')}, {})
  tester:eq(torch.serialize(), torch.serialize(nil))
  paths.rmall(folder, 'yes')
end

function test.an_instance_of_a_class_without_factory_is_unwritable()
  local made = torch.setmetatable({}, torch.newmetatable('shapes.Handle').__typename)
  tester:assertErrorPattern(function() torch.serialize {h = made} end, 'Unwritable object <shapes.Handle> at <%?>.h')
  tester:eq(torch.MemoryFile():isWritableObject(torch.Timer()), nil)

  local lines, print_ = {}, print
  print = function(line) lines[#lines + 1] = line end
  local ok, q = pcall(copy, shapes.Point(1, torch.Timer()))
  print = print_
  tester:assert(ok)
  tester:eq({q.x, q.y == nil, #lines}, {1, true, 1})
end

function test.functions_are_sealed_unless_allowed()
  local count = 5
  local function inc() count = count + 1 return count end
  local function get() return count end
  local name = os.tmpname()
  torch.save(name, {inc = inc, get = get})

  local sealed = torch.load(name)
  tester:eq(type(sealed.inc), 'function')
  tester:eq(select(2, debug.getupvalue(sealed.inc, 1)), 5)
  tester:assertErrorPattern(sealed.inc, 'sealed function.*functions = true')

  local open = torch.load(name, 'binary', {functions = true})
  tester:eq({open.get(), open.inc(), open.get(), count}, {5, 6, 6, 5})
  os.remove(name)
end

-- As libraries copy objects that have functions. Bytes that are not the program's own stay sealed.
function test.own_functions_come_back_from_memory()
  local count = 5
  local bytes = torch.serialize {inc = function() count = count + 1 return count end}
  tester:eq({torch.deserialize(bytes).inc(), count}, {6, 5})

  local file = torch.MemoryFile()
  file:writeObject(function() return 'copied' end)
  file:seek(1)
  tester:eq(file:readObject()(), 'copied')

  local changed = bytes:gsub('count', 'court')
  tester:assertErrorPattern(torch.deserialize(changed).inc, 'sealed function')
end

function test.sealed_functions_are_written_again_as_they_were()
  local count = 5
  local function inc() count = count + 1 return count end
  local function get() return count end
  local other = 1
  local function bump() other = other + 10 return other end

  local name = os.tmpname()
  torch.save(name, {inc = inc, get = get})
  local sealed = torch.load(name)
  os.remove(name)
  sealed.bump = bump  -- its upvalue must not be mixed up with the sealed ones'
  local open = torch.deserialize(torch.serialize(sealed), {functions = true})

  tester:eq({open.inc(), open.get(), open.bump(), open.get()}, {6, 6, 11, 6})
end

function test.recursive_functions_refer_to_themselves()
  local function fact(n) return n <= 1 and 1 or n * fact(n - 1) end
  tester:eq(copy(fact, 'ascii', {functions = true})(5), 120)
  local again = copy(fact)
  tester:assert(select(2, debug.getupvalue(again, 1)) == again)
  tester:eq(again(4), 24)
end

function test.bytecode_of_another_lua_stays_sealed_and_says_so()
  local bytes = torch.serialize(function() end):gsub('\27LJ', '\27Lu')
  local f = torch.deserialize(bytes, {functions = true})
  tester:assertErrorPattern(f, 'bytecode is of another Lua')
end

function test.functions_of_nn_and_optim_are_kept_by_name()
  require 'nn'
  require 'optim'
  local net = nn.Sequential():add(nn.Linear(3, 2)):add(nn.Tanh())
  local linear, calls = net:get(1), {n = 0}
  local updateOutput, backward = linear.updateOutput, net.backward
  function linear:updateOutput(input)
    calls.n = calls.n + 1
    return updateOutput(self, input)
  end
  function net:backward(...) return backward(self, ...) end
  net.first, net.second = nn.Module.type, nn.Module.type
  local x = torch.randn(4, 3)

  local clone = net:clone()

  tester:eq(clone:forward(x), net:forward(x))
  tester:eq(clone:backward(x, clone.output), net:backward(x, net.output))
  tester:eq(calls.n, 1)
  tester:eq(select(2, debug.getupvalue(clone:get(1).updateOutput, 1)).n, 1)
  tester:assert(clone.first == clone.second and clone:first() == 'torch.DoubleTensor')
  tester:eq(clone:clone():forward(x), net.output)
  local function step(method, p)
    method(function(v) return v:sum(), torch.ones(2) end, p, {learningRate = 0.5})
    return p
  end
  for _, method in pairs {sgd = optim.sgd, lbfgs = optim.lbfgs, rprop = optim.rprop} do
    tester:eq(step(copy {method = method}.method, torch.ones(2)), step(method, torch.ones(2)))
  end
  tester:eq(copy(nn.utils.addSingletonDimension)(torch.ones(4), 1):size(2), 4)
end

function test.a_method_put_into_a_class_is_kept_itself()
  require 'nn'
  function nn.Tanh.double(x) return 2 * x end

  local bytes = torch.serialize(nn.Tanh.double)

  tester:assert(not bytes:find('require', 1, true))
  tester:eq(torch.deserialize(bytes)(4), 8)
  nn.Tanh.double = nil

  nn.myOwnNet = nn.Tanh()  -- an object in the package is no class
  bytes = torch.serialize(nn.Tanh.updateOutput)
  nn.myOwnNet = nil
  tester:assert(bytes:find('=nn.Tanh.updateOutput', 1, true) ~= nil)
end

function test.unknown_classes_are_errors_or_tables()
  local bytes = torch.serialize(shapes.Point(1, 2)):gsub('shapes%.Point', 'absent.Point')
  tester:assertErrorPattern(function() torch.deserialize(bytes) end,
                            "unknown Torch class <absent.Point>: .*package 'absent'.*require 'absent' first")
  local t = torch.deserialize(bytes, {unknown = 'table'})
  tester:eq({t.x, t.y, t.__typename}, {1, 2, 'absent.Point'})
end

function test.deep_structures_need_no_deep_stack()
  local outer = {}
  local t = outer
  for i = 1, 50000 do
    t[1] = i % 3 == 0 and shapes.Point(1, 2) or {}
    t = t[1]
  end
  local u, depth = copy(outer), 0
  while u[1] do u, depth = u[1], depth + 1 end
  tester:eq(depth, 50000)
end

function test.classes_that_read_themselves_may_nest_as_deep()
  local p = shapes.Packed {}
  for _ = 1, 20000 do p = shapes.Packed {p} end
  local q, depth = copy(p), 0
  while q.values[1] do q, depth = q.values[1], depth + 1 end
  tester:eq(depth, 20000)
end

function test.hooks_may_call_from_where_lua_cannot_suspend()
  local sorted = torch.class('shapes.Sorted')
  function sorted.write(self, file) string.gsub('ab', '.', function(c) file:writeObject(self[c]) end) end
  function sorted.read(self, file) string.gsub('ab', '.', function(c) self[c] = file:readObject() end) end
  local s = shapes.Sorted()
  s.a, s.b = {1}, s
  local t = copy(s)
  tester:eq(t.a[1], 1)
  tester:assert(t.b == t)

  for _ = 1, 2000 do
    local outer = shapes.Sorted()
    outer.a, outer.b, s = s, 0, outer
  end
  tester:assertErrorPattern(function() torch.serialize(s) end, 'inside each other more than 100 deep')
end

function test.hooks_may_use_coroutines_of_their_own_but_not_be_suspended()
  local maker = torch.class('shapes.Maker')
  function maker.write(self, file)
    local produce = coroutine.wrap(function() for i = 1, 3 do coroutine.yield {i} end end)
    for _ = 1, 3 do file:writeObject(produce()) end
    coroutine.wrap(function() file:writeObject 'inner' end)()
  end
  function maker.read(self, file)
    for i = 1, 4 do self[i] = file:readObject() end
  end
  local m = copy(shapes.Maker())
  tester:eq({m[1][1], m[2][1], m[3][1], m[4]}, {1, 2, 3, 'inner'})

  function maker.write() coroutine.yield(1) end
  tester:assertErrorPattern(function() torch.serialize(shapes.Maker()) end, 'suspended by coroutine.yield')
end

function test.references_persist_over_the_objects_of_a_file()
  local file = torch.MemoryFile()
  local t = {1}
  file:writeObject(t)
  t[1] = 2
  file:writeObject(t)
  file:seek(1)
  local a, b = file:readObject(), file:readObject()
  tester:assert(rawequal(a, b))
  tester:eq(a[1], 1)
end

function test.a_hook_may_replace_each_object()
  local file = torch.MemoryFile()
  local x = torch.DoubleTensor {1, 2}
  file:writeObject({x, x}, nil, function(object) return torch.isTensor(object) and object:float() or object end)
  file:seek(1)
  local t = file:readObject()
  tester:eq(torch.typename(t[1]), 'torch.FloatTensor')
  tester:assert(rawequal(t[1], t[2]))
end

function test.a_quiet_file_gives_nil_and_a_flag_at_its_end()
  local file = torch.MemoryFile()
  file:writeObject('x')
  file:seek(1):quiet()
  tester:eq(file:readObject(), 'x')
  tester:eq(file:readObject(), nil)
  tester:assert(file:hasError())
end

function test.storages_carry_the_same_bytes()
  local storage = torch.serializeToStorage {1, 'a'}
  tester:eq(torch.typename(storage), 'torch.CharStorage')
  tester:eq(storage:string(), torch.serialize {1, 'a'})
  tester:eq(torch.deserializeFromStorage(storage)[2], 'a')
end

function test.generators_go_on_where_they_were()
  local generator = torch.Generator()
  torch.manualSeed(generator, 3)
  local other = copy(generator)
  tester:eq(torch.initialSeed(other), 3)
  tester:assert(torch.getRNGState(other):eq(torch.getRNGState(generator)):all())
end

function test.the_encoding_is_found_out()
  local name = harness.file('')
  torch.save(name, {torch.Tensor {1, 2}}, 'ascii')
  tester:eq(torch.load(name)[1]:totable(), {1, 2})
  for _, set in ipairs {'bigEndianEncoding', 'littleEndianEncoding'} do
    for _, long in ipairs {4, 8} do
      local file = torch.DiskFile(name, 'w'):binary():longSize(long)
      file[set](file)
      file:writeObject(torch.LongTensor {1, 2})
      file:close()
      tester:eq(torch.load(name):totable(), {1, 2})
    end
  end
end

function test.other_files_and_modes_are_refused_with_a_reason()
  tester:assertErrorPattern(function() torch.load(harness.file('<html>')) end, 'HTML')
  tester:assertErrorPattern(function() torch.load(harness.file('')) end, 'the file is empty')
  tester:assertErrorPattern(function() torch.load('/no/such') end, 'No such file')
  tester:assertErrorPattern(function() torch.load(harness.file(''), 'text') end, "expected 'binary', 'ascii'")
  tester:assertErrorPattern(function() torch.save('x', 1, 'b32') end, "expected 'binary' or 'ascii', got 'b32'")
  tester:assertErrorPattern(function() torch.save('/no/such/x', 1) end, 'No such file or directory')
  tester:assertErrorPattern(function() torch.save() end, 'torch.save')
end

function test.a_full_disk_is_an_error()
  local device = io.open('/dev/full')
  if not device then return print('skipped: no /dev/full') end
  device:close()
  tester:assertErrorPattern(function() torch.save('/dev/full', 1) end, 'No space left on device')
end

function test.a_truncated_file_is_an_error_at_every_length()
  local bytes = torch.serialize {x = torch.Tensor {1, 2}, p = shapes.Point(1, {2}), f = function() end}
  for n = 0, #bytes - 1 do
    tester:assert(not pcall(torch.deserialize, bytes:sub(1, n)), 'loads when cut at ' .. n)
  end
end

tester:add(test):run()
