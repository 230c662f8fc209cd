-- What the tests that walk the table of operations share: the table, seeded arguments, layouts, comparison. Nothing
-- here names an operation but `shapes`: a new row of the table is tested by what its signature says.
local json = paths.dofile('../../compat/harness.lua')

local ops = {}

-- The table.

local kTensorTypes = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'BFloat16', 'Float', 'Double'}
local className = {}
for _, name in ipairs(kTensorTypes) do className[name:lower()] = name end

-- One word of a signature (tensor/ops/OpTable.h): {kind, optional, default, result, dims, type}. kind is 'tensor',
-- 'tensors', 'letter', or the word itself.
local function parameter(word)
  local p = {word = word}
  local inner = word:match '^%[(.*)%]$'
  if inner then
    p.optional = true
    local before, default = inner:match '^(.-)=(.*)$'
    word, p.default = before or inner, default
  end
  if word:sub(1, 1) == '>' then
    p.result = true
    word = word:sub(2)
  end
  local name, dims = word:match '^(%a+)~(%d)D$'
  p.dims = tonumber(dims)
  word = name or word
  if word == 'T' or className[word:lower()] == word then
    p.kind, p.type = 'tensor', word ~= 'T' and word or nil
  elseif word == '{T,...}' then
    p.kind = 'tensors'
  elseif word:sub(1, 1) == '"' then
    p.kind, p.letters = 'letter', word:gsub('[^%a]', '')
  else
    p.kind = word
  end
  return p
end

-- All operations: {name, family, help, overloads = {{form, types = {'Byte', ...}, text, parameters}}}.
function ops.table()
  local list = json.parse(require('cresset.torch').opsJson())
  for _, op in ipairs(list) do
    for _, overload in ipairs(op.overloads) do
      overload.text, overload.typeText, overload.parameters = overload.arguments, overload.types, {}
      -- A bracket with several words, as in `[>T >T] T`, is given as a whole.
      for words in overload.arguments:gsub('%b[]', function(b) return (b:gsub(' ', '\1')) end):gmatch '%S+' do
        local grouped = words:find('\1', 1, true) and words or nil
        for word in words:gsub('^%[(.*\1.*)%]$', '%1'):gmatch '[^\1]+' do
          local p = parameter(word)
          p.optional, p.group = p.optional or grouped ~= nil, grouped
          table.insert(overload.parameters, p)
        end
      end
      local types = {}
      for name in overload.types:gmatch '[^+]+' do
        local class = className[name]
        -- Operations on bits exist for floating types too, and raise.
        if op.name:find '^c?bit' and name:find '^[fd]' then class = nil end
        if class and torch.getmetatable('torch.' .. class .. 'Tensor') then table.insert(types, class) end
      end
      overload.types = types
    end
  end
  return list
end

function ops.describe(op, overload, type)
  return ('%s %s [%s] of %s'):format(op.name, overload.form, overload.text, type)
end

-- The sets of parameters that a caller may give: all, none of the optional ones, and each optional one alone.
function ops.combinations(overload)
  local parameters = overload.parameters
  local sets, seen = {}, {}
  local function add(keep)
    local given, key = {}, {}
    for i, p in ipairs(parameters) do
      if not p.optional or keep(i) then
        table.insert(given, p)
        table.insert(key, i)
      end
    end
    key = table.concat(key, ' ')
    if not seen[key] then table.insert(sets, given) end
    seen[key] = true
  end
  add(function() return false end)
  add(function() return true end)
  for chosen, p in ipairs(parameters) do
    local function isChosen(i) return i == chosen or p.group ~= nil and parameters[i].group == p.group end
    if p.optional then add(isChosen) end
  end
  return sets
end

-- Calls that overload of the operation for a tensor type, with the global generator seeded. Returns whether it ended
-- well, and its results or its error without the position.
function ops.call(op, overload, type, arguments)
  local class = torch.getmetatable('torch.' .. type .. 'Tensor')
  local f = overload.form == 'method' and class[op.name] or class.torch[op.name]
  torch.manualSeed(7)
  local results = table.pack(pcall(f, unpack(arguments, 1, arguments.n)))
  local ok = table.remove(results, 1)
  results.n = results.n - 1
  return ok, ok and results or (tostring(results[1]):gsub('^[^%s:]+:%d+: ', ''))
end

-- Seeded numbers: random(n) is one of 1 to n.
function ops.random(seed)
  local state = seed % 2147483646 + 1
  return function(n)
    state = state * 16807 % 2147483647
    return state % n + 1
  end
end

-- Elements by domain. Floating values are multiples of 1/8: sums of a few are exact.
local domains = {}
function domains.any(random, type)
  if type == 'Byte' then return random(10) - 1 end
  if type == 'Half' or type == 'BFloat16' or type == 'Float' or type == 'Double' then return (random(65) - 33) / 8 end
  return random(11) - 6
end
function domains.positive(random, type)
  return (type == 'Float' or type == 'Double') and random(32) / 8 or random(4)
end
function domains.unit(random) return (random(9) - 1) / 8 end
function domains.binary(random) return random(2) - 1 end
domains.definite = domains.any  -- and what `define` does

-- Makes a square matrix symmetric, with a diagonal that makes it positive definite.
local function define(x)
  local n = x:dim() == 2 and x:size(1) or 0
  for i = 1, n do
    if x:size(2) ~= n then return end
    for j = 1, i do x[{j, i}] = i == j and 40 + 2 * i or x[{i, j}] end
  end
end

-- Layouts: strides for sizes, and where in its storage a view begins. `shared` ones show an element more than once.

local function rowMajor(sizes, step, extra)
  local strides = {}
  for d = #sizes, 1, -1 do
    strides[d] = step
    step = step * (sizes[d] + extra)
  end
  return strides
end

local layouts = {
  {name = 'contiguous', strides = function(sizes) return rowMajor(sizes, 1, 0), 1 end},
  {name = 'transposed', strides = function(sizes)
    local strides, step = {}, 1
    for d = 1, #sizes do
      strides[d] = step
      step = step * sizes[d]
    end
    return strides, 1
  end},
  {name = 'narrowed', strides = function(sizes)
    local strides, offset = rowMajor(sizes, 1, 3), 1
    for _, stride in ipairs(strides) do offset = offset + stride end
    return strides, offset
  end},
  {name = 'with gaps', strides = function(sizes) return rowMajor(sizes, 2, 1), 4 end},
  {name = 'expanded', shared = true, strides = function(sizes)
    local strides = rowMajor(sizes, 1, 0)
    strides[1] = 0
    return strides, 2
  end},
  {name = 'expanded last', shared = true, strides = function(sizes)
    local strides = rowMajor(sizes, 1, 0)
    strides[#sizes] = 0
    return strides, 1
  end},
  {name = 'overlapping', shared = true, strides = function(sizes)  -- what unfold gives
    local strides = {}
    for d = 1, #sizes do strides[d] = 1 end
    return strides, 3
  end},
}
ops.layouts = layouts
ops.gaps = layouts[4]

-- A tensor of these sizes in that layout, with elements of the domain in its storage and around it.
function ops.tensor(type, sizes, domain, layout, random)
  local class = torch[type .. 'Tensor']
  if #sizes == 0 then return class() end
  local strides, offset = layout.strides(sizes)
  local n = offset + 4
  for d, size in ipairs(sizes) do n = n + (size - 1) * strides[d] end
  local memory, element = class(n), domains[domain] or domain
  for i = 1, n do memory[i] = element(random, type) end
  local x = class(memory:storage(), offset, torch.LongStorage(sizes), torch.LongStorage(strides))
  if domain == 'definite' and not layout.shared then define(x) end
  return x
end

-- Arguments.

-- Sizes that fit what is multiplied; all others take any shape, or a square one where dimensions are given.
local shapes = {
  mv = {{5, 9}, {9}}, mm = {{5, 9}, {9, 7}}, bmm = {{2, 5, 9}, {2, 9, 7}}, ger = {{5}, {7}},
  addmv = {{5}, {5, 9}, {9}}, addmm = {{5, 7}, {5, 9}, {9, 7}}, addr = {{5, 7}, {5}, {7}},
  addbmm = {{5, 7}, {2, 5, 9}, {2, 9, 7}}, baddbmm = {{2, 5, 7}, {2, 5, 9}, {2, 9, 7}},
  orgqr = {{6, 4}, {4}}, ormqr = {{6, 4}, {4}, {6, 6}},
}
local kBases = {{37}, {5, 7}, {4, 3, 5}, {6, 6}, {2, 3, 2, 3}, {1}, {3, 4, 2}}
local kDomains = {'any', 'positive', 'definite', 'unit'}

-- What to give for these parameters: a list of specs, from which `build` makes arguments. Every attempt tries other
-- shapes and values. `choices` may set the sizes of tensors (base), the domain, and functions that choose a number, an
-- integer and a dimension.
function ops.spec(op, type, parameters, attempt, random, choices)
  choices = choices or {}
  local base = choices.base or kBases[(attempt - 1) % #kBases + 1]
  local domain = choices.domain or kDomains[math.floor((attempt - 1) / #kBases) % #kDomains + 1]
  local least = math.huge
  for _, size in ipairs(base) do least = math.min(least, size) end
  local fixed, tensors, spec = not choices.base and shapes[op.name], 0, {}
  local function square(dims)
    local sizes = {}
    local largest = dims > 2 and 4 or 12  -- the time of a convolution grows with the square of the elements
    for d = 1, dims do sizes[d] = #base >= dims and base[d] or math.min(base[1] or 2, largest) end
    return sizes
  end
  for i, p in ipairs(parameters) do
    local s = {parameter = p}
    if p.kind == 'tensor' then
      s.type = p.type or type
      s.written = p.result
      s.domain = domain
      if p.result and p.optional then
        s.sizes = random(2) == 1 and {3, 2} or base
      elseif fixed and not p.type then
        -- The method form writes to t, and its t may be given again.
        tensors = tensors + 1
        local t = fixed[p.result and 1 or tensors]
        if p.result and #fixed == 2 then tensors = 0 end
        if p.result and #fixed == 3 then tensors = parameters[i + 1] and op.name:find 'add' and tensors or 0 end
        s.sizes = t or fixed[#fixed]
      elseif p.dims then
        s.sizes = square(p.dims)
      else
        s.sizes = base
      end
      if not p.result and p.type == 'Long' then
        s.sizes = random(2) == 1 and {random(4)} or base
        s.domain = function(r) return r(math.min(least, 9)) end
      elseif not p.result and p.type == 'Byte' then
        s.domain = 'binary'
      elseif not p.result and p.type then
        s.domain = 'unit'
      end
    elseif p.kind == 'tensors' then
      s.count, s.sizes, s.type, s.domain = random(3), base, type, domain
    elseif p.kind == 'num' then
      local numbers = {2, 1, 3, 0.5, 4, -1.5, 0}
      s.value = choices.number and choices.number() or numbers[random(domain == 'any' and #numbers or 5)]
    elseif p.kind == 'int' then
      s.value = choices.integer and choices.integer() or random(3)
    elseif p.kind == 'dim' then
      s.value = choices.dim and choices.dim(#base) or random(math.max(#base, 1))
    elseif p.kind == 'bool' then
      s.value = random(2) == 1
    elseif p.kind == 'letter' then
      local at = random(#p.letters)
      s.value = p.letters:sub(at, at)
    elseif p.kind == 'gen' then
      s.seed = random(1000)
    elseif p.kind == 'size...' then
      local n = 1
      for _, size in ipairs(base) do n = n * size end
      s.value = torch.LongStorage(random(2) == 1 and base or {1, n})
    else
      error('no arguments for the kind ' .. p.kind)
    end
    spec[i] = s
  end
  return spec
end

-- Arguments for a spec; `layoutOf(s)` says how a tensor lies in memory. In an `empty` call tensors have no elements.
function ops.build(spec, layoutOf, random, empty)
  local arguments = {n = #spec}
  for i, s in ipairs(spec) do
    if s.count then
      arguments[i] = {}
      for k = 1, s.count do
        arguments[i][k] = ops.tensor(s.type, empty and {} or s.sizes, s.domain, layoutOf(s), random)
      end
    elseif s.sizes then
      arguments[i] = ops.tensor(s.type, empty and {} or s.sizes, s.domain, layoutOf(s), random)
    elseif s.seed then
      arguments[i] = torch.Generator()
      torch.manualSeed(arguments[i], s.seed)
    else
      arguments[i] = s.value
    end
  end
  return arguments
end

-- The same arguments with contiguous tensors of their own memory, and generators in the same state.
function ops.copy(spec, arguments)
  local copies = {n = arguments.n}
  for i, s in ipairs(spec) do
    if s.count then
      copies[i] = {}
      for k, x in ipairs(arguments[i]) do copies[i][k] = x:clone() end
    elseif s.sizes then
      copies[i] = arguments[i]:clone()
    elseif s.seed then
      copies[i] = torch.Generator()
      torch.manualSeed(copies[i], s.seed)
    else
      copies[i] = arguments[i]
    end
  end
  return copies
end

-- Comparison.

-- Elements as a flat table, without an operation of the table.
local function elements(x)
  local list = {}
  local n = x:nElement()
  if n == 0 then return list, 0 end
  local flat = torch.getmetatable(x:type()).new():set(x:contiguous():storage(), x:contiguous():storageOffset(),
                                                       torch.LongStorage {n})
  for i = 1, n do list[i] = flat[i] end
  return list, n
end
ops.elements = elements

local function sizeText(x) return table.concat(x:size():totable(), 'x') end

-- nil when both are the same to the bit (a NaN like another), or what differs.
function ops.difference(got, wanted)
  if torch.type(got) ~= torch.type(wanted) then
    return ('%s instead of %s'):format(torch.type(got), torch.type(wanted))
  end
  if type(got) == 'table' then
    for k in pairs(wanted) do
      local text = ops.difference(got[k], wanted[k])
      if text then return ('entry %s: %s'):format(k, text) end
    end
    return nil
  end
  if not torch.isTensor(got) then
    if torch.type(got) == 'torch.Generator' or got == wanted or (got ~= got and wanted ~= wanted) then return nil end
    return ('%s instead of %s'):format(tostring(got), tostring(wanted))
  end
  if sizeText(got) ~= sizeText(wanted) then
    return ('sizes %s instead of %s'):format(sizeText(got), sizeText(wanted))
  end
  local a, n = elements(got)
  local b = elements(wanted)
  for i = 1, n do
    if a[i] ~= b[i] and (a[i] == a[i] or b[i] == b[i]) then
      return ('element %d is %.17g instead of %.17g'):format(i, a[i], b[i])
    end
  end
end

-- What the memory of tensors holds besides their elements. The function returned tells whether it is unchanged; a
-- tensor that was resized may have written there.
function ops.watch(x)
  if not torch.isTensor(x) or x:nElement() == 0 then return function() end end
  local class = torch.getmetatable(x:type())
  local storage, offset, sizes, strides = x:storage(), x:storageOffset(), x:size(), x:stride()
  local before = class.new(class.new(storage):clone())
  return function()
    if sizeText(x) ~= table.concat(sizes:totable(), 'x') or x:storage() ~= storage then return nil end
    class.new(before:storage(), offset, sizes, strides):copy(x)
    local text = ops.difference(class.new(storage):narrow(1, 1, before:size(1)), before)
    return text and 'memory around it: ' .. text
  end
end

-- Calls the operation on these arguments and on contiguous copies. Returns what differs, or nil; and whether the call
-- on the copies ended well.
function ops.compare(op, overload, type, spec, arguments)
  local copies, original = ops.copy(spec, arguments), ops.copy(spec, arguments)
  local watches = {}
  for i = 1, arguments.n do watches[i] = ops.watch(arguments[i]) end
  local wantedOk, wanted = ops.call(op, overload, type, copies)
  local ok, got = ops.call(op, overload, type, arguments)
  if ok ~= wantedOk then return ('%s instead of %s'):format(ok or got, wantedOk or wanted), wantedOk end
  if not ok then
    if got ~= wanted then return ('error %q instead of %q'):format(got, wanted), false end
  else
    if got.n ~= wanted.n then return ('%d results instead of %d'):format(got.n, wanted.n), true end
    for i = 1, got.n do
      local text = ops.difference(got[i], wanted[i])
      if text then return ('result %d: %s'):format(i, text), true end
    end
  end
  for i, s in ipairs(spec) do
    local text = ops.difference(arguments[i], ok and s.written and copies[i] or original[i])
    text = text or ops.difference(copies[i], ok and s.written and copies[i] or original[i])
    text = text or watches[i]()
    if text then return ('argument %d after the call: %s'):format(i, text), wantedOk end
  end
  return nil, wantedOk
end

-- A spec on which the call ends well, and one on which it does not; either may be nil.
function ops.find(op, overload, type, parameters, random, choices)
  local failing
  for attempt = 1, 48 do
    local spec = ops.spec(op, type, parameters, attempt, random, choices)
    local arguments = ops.build(spec, function() return layouts[1] end, random)
    local ok = ops.call(op, overload, type, arguments)
    if ok then return spec, failing end
    failing = failing or spec
  end
  return nil, failing
end

return ops
