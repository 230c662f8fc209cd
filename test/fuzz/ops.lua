-- Random operations of the table on random shapes, layouts, types and values: no crash, the result that contiguous
-- copies give, and after an error all arguments as they were.
--   th ops.lua [seconds [seed]]
-- The calls are made by a second process, which names each before it makes it: a crash has a name, too.
local ops = paths.dofile('../lua/ops/harness.lua')

local seconds, seed = tonumber(arg[1]) or 10, tonumber(arg[2]) or 1
local script = debug.getinfo(1, 'S').source:sub(2)

local function parent()
  local command = ("'%s' '%s' %g %d child 2>&1; echo \"status $?\""):format(arg[0], script, seconds, seed)
  local pipe = io.popen(command)
  local call, calls, found, status, other = 'nothing', 0, {}, nil, {}
  for line in pipe:lines() do
    local kind, text = line:match '^(%a+) (.*)$'
    if kind == 'call' then
      call, calls = text, calls + 1
    elseif kind == 'found' then
      table.insert(found, call .. '\n    ' .. text)
    elseif kind == 'status' then
      status = tonumber(text)
    else
      table.insert(other, line)
    end
  end
  pipe:close()
  print(('%d calls, %d differences'):format(calls, #found))
  for _, text in ipairs(found) do io.write(text, '\n') end
  if status ~= 0 then io.write(('ended with status %d in %s\n%s\n'):format(status, call, table.concat(other, '\n'))) end
  os.exit(#found == 0 and status == 0 and 0 or 1)
end

-- The child.

local kDomainNames = {'any', 'any', 'positive', 'unit', 'binary', 'definite', 'special'}

-- The ends of a type's range, or what is not a number.
local function special(random, type)
  if random(4) > 1 then return random(5) - 1 end
  local bits = ({Byte = 8, Char = 7, Short = 15, Int = 31, Long = 53})[type]
  if bits then return random(2) == 1 and 2 ^ bits - 1 or type ~= 'Byte' and -2 ^ bits or 0 end
  -- A power of two, so that sums of several are exact, whose products are floats: in some orders BLAS adds a product
  -- before it is rounded, where one beyond the largest float would not be infinite.
  return ({0 / 0, math.huge, -math.huge, 2 ^ 60, -0.0})[random(5)]
end

-- Any order of dimensions in memory, with gaps, and with dimensions that stand still or overlap when `shared`.
local function layout(random, shared)
  return {shared = shared, strides = function(sizes)
    local order, strides, step = {}, {}, random(3) == 1 and 2 or 1
    for d = 1, #sizes do table.insert(order, random(d), d) end
    for _, d in ipairs(order) do
      strides[d] = step
      if shared and random(2) == 1 then
        strides[d] = random(3) - 1
      else
        step = step * (sizes[d] + (random(4) == 1 and 2 or 0))
      end
    end
    return strides, random(5)
  end}
end

local function sizesOf(random)
  if random(12) == 1 then return {20 * random(12) + random(9)} end
  if random(12) == 1 then return {random(9) + 30, random(60) + 9} end
  local sizes, n = {}, random(4)
  for d = 1, n do sizes[d] = random(n < 3 and 9 or 4) end
  return sizes
end

local function specOf(random, op, overload, type)
  local parameters, product = {}, false
  for i, p in ipairs(overload.parameters) do
    product = product or p.dims ~= nil
    local previous = parameters[#parameters]
    local follows = p.group and previous and previous.group == p.group
    local begins = not (p.group and i > 1 and overload.parameters[i - 1].group == p.group)
    if not p.optional or follows or begins and random(2) == 1 then table.insert(parameters, p) end
  end
  local numbers = {0, 1, 2, 3, -1, 0.5, -2.5, 64, 3000, 0 / 0, math.huge}
  if product then numbers = {0, 1, 2, -0.5} end  -- infinities there depend on the order of BLAS
  local spec = ops.spec(op, type, parameters, random(100), random, {
    base = random(3) > 1 and sizesOf(random) or nil,
    domain = kDomainNames[random(#kDomainNames)],
    number = function() return numbers[random(#numbers)] end,
    integer = function() return random(12) == 1 and random(90) or random(8) - 3 end,
    dim = function(dims) return random(10) == 1 and random(9) - 3 or random(math.max(dims, 1)) end,
  })
  for _, s in ipairs(spec) do
    if s.domain == 'special' then s.domain = special end
    if s.sizes and random(15) == 1 then s.sizes = sizesOf(random) end
    if s.sizes and random(40) == 1 then s.sizes = {} end
    if s.sizes and s.type == 'Long' and random(20) == 1 then s.domain = special end
  end
  return spec
end

local function textOf(spec, arguments)
  local words = {}
  for i, s in ipairs(spec) do
    local x = arguments[i]
    if torch.isTensor(x) then
      words[i] = ('%s%s %s stride %s'):format(s.written and '>' or '', s.type, table.concat(x:size():totable(), 'x'),
                                             table.concat(x:stride():totable(), ' '))
    elseif s.count then
      words[i] = ('{%d of %s}'):format(s.count, table.concat(s.sizes, 'x'))
    else
      words[i] = tostring(s.seed and 'generator' or torch.isStorage(x) and table.concat(x:totable(), 'x') or x)
    end
  end
  return table.concat(words, ', ')
end

local function child()
  local all = {}
  for _, op in ipairs(ops.table()) do  -- not linear algebra, whose results have a layout of their own
    if op.family ~= 'function' then all[#all + 1] = op end
  end
  local finish = os.time() + seconds
  local iteration = 0
  io.stdout:setvbuf 'line'
  while os.time() < finish do
    iteration = iteration + 1
    local random = ops.random(seed * 1000003 + iteration)
    for _ = 1, 3 do random(2) end
    local op = all[random(#all)]
    local overload = op.overloads[random(#op.overloads)]
    local type = overload.types[random(#overload.types)]
    local spec = specOf(random, op, overload, type)
    local arguments = ops.build(spec, function(s) return layout(random, not s.written and random(3) == 1) end, random)
    local aliased = random(10) == 1
    if aliased then  -- memory shared in any way: the result is not defined, but a crash is none
      local a, b = arguments[random(math.max(#spec, 1))], arguments[random(math.max(#spec, 1))]
      if torch.isTensor(a) and torch.isTensor(b) and a:type() == b:type() and b:storage() then
        a:set(b:storage(), random(3), torch.LongStorage(sizesOf(random)))
      end
    end
    io.write(('call %d: %s: %s\n'):format(iteration, ops.describe(op, overload, type), textOf(spec, arguments)))
    if aliased then
      ops.call(op, overload, type, arguments)
    else
      local text = ops.compare(op, overload, type, spec, arguments)
      if text then io.write('found ', (text:gsub('\n', ' ')), '\n') end
    end
  end
end

if arg[3] == 'child' then child() else parent() end
