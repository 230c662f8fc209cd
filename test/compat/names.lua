-- Every name and every overload that Torch7 has is here: walks the lists of names, of packages and of signatures.
local data = os.getenv 'CRESSET_SHARED_DATA'
local contract = data and data .. '/../contract'
if not (contract and paths.filep(contract .. '/torch-names.txt')) then
  print('skipped: no lists of Torch7\'s names beside the test data')
  os.exit(0)
end

local ffi = require 'ffi'
local tester = torch.Tester()
local test = torch.TestSuite()

-- The fields of each line of a list that are separated by tabs, with the list's line number.
local function rows(name)
  local lines, number = io.lines(contract .. '/' .. name), 0
  return function()
    for line in lines do
      number = number + 1
      if line:sub(1, 1) ~= '#' then
        local row = {number = number}
        for field in (line .. '\t'):gmatch('(.-)\t') do row[#row + 1] = field end
        return row
      end
    end
  end
end

local kTypes = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double', 'Half'}
-- 'float+double' -> {'Float', 'Double'}
local function typesOf(text)
  local found = {}
  for _, type in ipairs(kTypes) do
    local named = ('+' .. text .. '+'):find('+' .. type:lower() .. '+', 1, true)
    if named or text == 'all' or text == 'all-but-half' and type ~= 'Half' then found[#found + 1] = type end
  end
  return found
end

-- The value of a Lua expression, where a colon only names a method.
local function evaluate(expression)
  local chunk = loadstring('return ' .. expression:gsub(':([%w_]+)$', '.%1'))
  local ok, value = pcall(chunk)
  return ok and value or nil
end

local function make(type, ...) return torch[type .. 'Tensor'](...) end

-- What the list says of x[key] in words: name -> function(type), true when it is so.
local subscripts = {
  ['Tensor[number]'] = function(type)
    return make(type, {{1, 2}, {3, 4}})[-1]:size(1) == 2 and make(type, {5})[1] == 5
  end,
  ['Tensor[number]=number'] = function(type)
    local x = make(type, {{1, 2}, {3, 4}})
    x[1] = 7
    return x[1][2] == 7
  end,
  ['Tensor[number]=Tensor'] = function(type)
    local x = make(type, {{1, 2}, {3, 4}})
    x[1] = torch.IntTensor{8, 9}
    return x[1][2] == 9
  end,
  ['Tensor[table]'] = function(type) return make(type, {{1, 2}, {3, 4}})[{2, {}}]:size(1) == 2 end,
  ['Tensor[table]=number'] = function(type)
    local x = make(type, {{1, 2}, {3, 4}})
    x[{{}, 2}] = 6
    return x[1][2] == 6 and x[2][1] == 3
  end,
  ['Tensor[table]=Tensor'] = function(type)
    local x = make(type, {{1, 2}, {3, 4}})
    x[{{}, 2}] = torch.ShortTensor{5, 6}
    return x[2][2] == 6
  end,
  ['Tensor[LongStorage]'] = function(type) return make(type, {{1, 2}, {3, 4}})[torch.LongStorage{2, 1}] == 3 end,
  ['Tensor[LongStorage]=number'] = function(type)
    local x = make(type, {{1, 2}, {3, 4}})
    x[torch.LongStorage{2, 1}] = 9
    return x[2][1] == 9
  end,
  ['Tensor[ByteTensor]'] = function(type) return make(type, {1, 2, 3})[torch.ByteTensor{0, 1, 1}]:sum() == 5 end,
  ['Tensor[ByteTensor]=number'] = function(type)
    local x = make(type, {1, 2, 3})
    x[torch.ByteTensor{0, 1, 1}] = 4
    return x:sum() == 9
  end,
  ['Tensor[ByteTensor]=Tensor'] = function(type)
    local x = make(type, {1, 2, 3})
    x[torch.ByteTensor{0, 1, 1}] = make(type, {7, 8})
    return x:sum() == 16
  end,
  ['Tensor[string]'] = function(type) return make(type, 2).size ~= nil and make(type, 2).noSuchMethod == nil end,
  ['Tensor[nil]'] = function(type) return make(type, 2)[nil] == nil end,
  ['Tensor.anyfield=value'] = function(type) return not pcall(function() make(type, 2).anyfield = 1 end) end,
  ['Storage[number]'] = function(type) return torch[type .. 'Storage']{4, 5}[2] == 5 end,
  ['Storage[number]=number'] = function(type)
    local s = torch[type .. 'Storage'](2)
    s[2] = 3
    return s[2] == 3
  end,
}

-- Fields of the C structures, read through the pointers that a userdata holds.
local function structureField(structure, field, type)
  if structure == 'THAllocator' then return pcall(function() return ffi.new('THAllocator')[field] end) end
  if structure == 'THHalf' then return pcall(function() return ffi.new('THHalf')[field] end) end
  local class = structure:gsub('^THReal', '')
  local x = torch[type .. class](2)
  return pcall(function() return ffi.cast('TH' .. type .. class .. '**', x)[0][field] end)
end

-- Whether one name of the list is there, on one type if it is tied to types.
local function exists(name, type)
  if subscripts[name] then return subscripts[name](type) end
  local class, method = name:match('^(%u%l+):(.*)$')
  if class then
    local mt = torch.getmetatable('torch.' .. type .. class)
    return mt[method] ~= nil
  end
  local structure, field = name:match('^(TH%a+)%.(.*)$')
  if structure then return structureField(structure, field, type) end
  local torchClass, classMethod = name:match('^(torch%.%u%a+):(.*)$')
  if torchClass then
    assert(evaluate(torchClass), 'no ' .. torchClass)
    return torch.getmetatable(torchClass)[classMethod] ~= nil
  end
  local module, moduleField = name:match('^(readline)%.(.*)$')
  if not module then module, moduleField = name:match('^(treplutils)%.(.*)$') end
  if module then return require(module)[moduleField] ~= nil end
  if name:match("^require '") then return evaluate(name) ~= nil end
  local value = evaluate(name)
  return value ~= nil or _preloaded_[name]  -- a name of the prompt's that is set later
end

function test.names()
  local count = 0
  for row in rows 'torch-names.txt' do
    local name, note = row[1], row[3] or ''
    if not note:find('may be absent', 1, true) then
      local types = typesOf(row[2])
      if #types == 0 then types = {false} end
      for _, type in ipairs(types) do
        local ok, found = pcall(exists, name, type)
        local label = ('line %d: %s of %s %s'):format(row.number, name, tostring(type), ok and '' or found)
        tester:assert(ok and not not found, label)
        count = count + 1
      end
    end
  end
  tester:assert(count > 2500, 'the list has ' .. count .. ' names')
end

-- Packages with every name of theirs in the list of packages.
local kPackages = {tds = true}
-- Not yet: the C structures behind tds.
local kWithout = {['tds.elem'] = true}

function test.packages()
  for line in io.lines(contract .. '/packages-names.txt') do
    local package, name = line:match('^(%S+) | (%S+) |')
    if kPackages[package] and not kWithout[name] then
      local class, method = name:match('^(.*):(.*)$')
      local found
      if class then
        require(package)
        found = torch.getmetatable(class)[method]
      else
        found = require(package)[name:match('^[^.]+%.(.*)$')]
      end
      tester:assert(found ~= nil, name)
    end
  end
end

-- Arguments
local function filled(type, shape)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  local x = torch.ones(n):resize(torch.LongStorage(shape))
  -- Symmetric and positive definite, so that every operation on matrices takes it.
  if #shape == 2 then x:add(torch.eye(3):mul(2)) end
  return x:type('torch.' .. type .. 'Tensor')
end

-- Ranks of tensors that a signature does not tell: op -> position among the tensors -> rank. A row without the result
-- has the last ones.
local ranks = {
  dot = {1, 1}, orgqr = {2, 2, 1}, ormqr = {2, 2, 1, 2}, multinomialAliasSetup_ = {1, 1, 1},
  multinomialAlias_ = {1, 1, 1}, match = {2, 2, 2},
}
local kProbability = {bernoulli = true, geometric = true}

-- An argument of that kind for the operation, or nil for a kind of its own.
local function argument(op, kind, type, state)
  local rank = tonumber(kind:match('~(%d)D')) or nil
  local isResult = kind:sub(1, 1) == '>'
  local base = kind:gsub('^>', ''):gsub('~%dD$', '')
  if base == 'T' or base == 'Byte' or base == 'Long' or base == 'Int' or base == 'Float' or base == 'Double' then
    state.tensors = state.tensors + 1
    local shape = {}
    for i = 1, rank or state.ranks[state.tensors] or 2 do shape[i] = 3 end
    local x = filled(base == 'T' and type or base, shape)
    if op == 'bernoulli' and not isResult then x:fill(0.5) end
    if base == 'Long' and not isResult then x:fill(1) end
    return x
  elseif base == '{T,...}' then
    return {filled(type, {3, 3}), filled(type, {3, 3})}
  elseif base == 'num' then
    state.numbers = state.numbers + 1
    return kProbability[op] and 0.5 or 1 + state.numbers
  elseif base == 'int' then
    state.integers = state.integers + 1
    return 1 + state.integers
  elseif base == 'dim' then
    return 1
  elseif base == 'bool' then
    return true
  elseif base == 'gen' then
    return torch.Generator()
  elseif base == 'size...' then
    return torch.LongStorage{3, 3}
  elseif base:sub(1, 1) == '"' then
    return base:sub(2, 2)
  end
  error('unknown kind of argument ' .. kind)
end

-- The arguments of a row, with all optional ones or with none.
local function arguments(op, text, type, withOptional)
  local list, state = {}, {tensors = 0, numbers = 0, integers = 0, ranks = ranks[op] or {}}
  if op:find '^or[gm]' and not text:find '>' then state.ranks = {unpack(state.ranks, 2)} end
  text = text:gsub('^%[>T%] %[T=arg1%]', '>T [T=arg1]')  -- the object whose method it is
  for word in text:gmatch('%S+') do
    local optional = word:match('^%[(.*)%]$')
    local kind = (optional or word):gsub('=.*$', '')
    if not optional or withOptional then list[#list + 1] = argument(op, kind, type, state) end
  end
  return list
end

local function resultName(kind, type)
  kind = kind:gsub('~%dD$', '')
  if kind == 'number' or kind == 'boolean' then return kind end
  return 'torch.' .. (kind == 'T' and type or kind) .. 'Tensor'
end

function test.signatures()
  local calls = 0
  for row in rows 'torch-signatures.txt' do
    local form, op, list, results = row[1], row[2], row[4], row[5]
    for _, type in ipairs(typesOf(row[3])) do
      -- Operations on bits exist for floating types too, and raise.
      if not (op:find '^c?bit' and (type == 'Float' or type == 'Double')) then
        local mt = torch.getmetatable('torch.' .. type .. 'Tensor')
        local f = (form == 'F' and mt.torch or mt)[op]
        local label = ('line %d: %s %s(%s) of %s'):format(row.number, form, op, list, type)
        for _, withOptional in ipairs{false, true} do
          -- Optional arguments that come before others decide what the others are: all of one kind, or none.
          local got = {pcall(f, unpack(arguments(op, list, type, withOptional)))}
          tester:assert(got[1], label .. ': ' .. tostring(got[2]))
          if got[1] then
            local i = 1
            for kind in results:gmatch('[^,]+') do
              i = i + 1
              tester:eq(torch.type(got[i]), resultName(kind, type), label .. ': result ' .. i - 1)
            end
            calls = calls + 1
          end
        end
      end
    end
  end
  tester:assert(calls > 2500, 'there were ' .. calls .. ' calls')
end

tester:add(test):run()
