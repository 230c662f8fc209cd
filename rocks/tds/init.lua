-- The package `tds`: containers whose contents live outside of Lua's heap, so that the collector does not walk them.
--
--   local tds = require 'tds'
--   local h = tds.Hash{a = 1, list = {1, 2, 3}}   h.a = nil   #h   for k, v in pairs(h) do ... end
--   local v = tds.Vec('x', 'y')                    v[3] = 'z'  #v   for i, x in ipairs(v) do ... end
--
-- Elements are numbers, strings, booleans, tensors, storages and containers; objects among them are shared, not copied.
-- Only constructors take tables: one with nothing but positive integers as keys becomes a Vec, any other a Hash.
local native = require 'cresset.tds'
local class = require 'torch.class'

local tds = {}

local Hash, Vec, AtomicCounter = native.Hash, native.Vec, native.AtomicCounter

local element

local function isList(t)
  for key in pairs(t) do
    if type(key) ~= 'number' or key < 1 or key % 1 ~= 0 then return false end
  end
  return true
end

local function fillHash(hash, t)
  for key, value in pairs(t) do hash[element(key)] = element(value) end
  return hash
end

local function fillVec(vec, t)
  for key, value in pairs(t) do vec[key] = element(value) end
  return vec
end

-- What a container holds for a value: tables become containers.
function element(value)
  if type(value) ~= 'table' or native.isElement(value) then return value end
  if isList(value) then return fillVec(native.newVec(), value) end
  return fillHash(native.newHash(), value)
end

local function newHash(...)
  local t = ...
  if select('#', ...) > 1 or (t ~= nil and type(t) ~= 'table') then
    error('tds.Hash: lua table or nothing expected, got ' .. class.type(t), 3)
  end
  return fillHash(native.newHash(), t or {})
end

local function newVec(...)
  local t = ...
  if select('#', ...) == 1 and type(t) == 'table' then
    if not isList(t) then error('tds.Vec: table with positive integers as keys expected', 3) end
    return fillVec(native.newVec(), t)
  end
  local vec = native.newVec()
  for i = 1, select('#', ...) do vec[i] = element((select(i, ...))) end
  return vec
end

-- Printing
local function indented(text) return (text:gsub('\n$', ''):gsub('\n', '\n    ')) end

local function describe(name, container)
  local lines, width = {}, 0
  for key in pairs(container) do width = math.max(width, #tostring(key)) end
  for key, value in pairs(container) do
    lines[#lines + 1] = ('    %-' .. width .. 's : %s\n'):format(tostring(key), indented(tostring(value)))
  end
  return ('%s[%d]{\n%s}'):format(name, #container, table.concat(lines))
end

function Hash:__tostring() return describe('tds.Hash', self) end
function Vec:__tostring() return describe('tds.Vec', self) end
function AtomicCounter:__tostring() return ('tds.AtomicCounter=%d'):format(self:get()) end

-- Sorts in place; less(a, b) tells whether a comes first. Without it numbers, or strings, in ascending order.
function Vec:sort(less)
  if less == nil then return self:sortElements() end
  local elements = {}
  for i, x in ipairs(self) do elements[i] = x end
  table.sort(elements, less)
  for i, x in ipairs(elements) do self[i] = x end
end

-- Files: the number of pairs or elements, then these.
function Hash:__write(file)
  file:writeLong(#self)
  for key, value in pairs(self) do
    file:writeObject(key)
    file:writeObject(value)
  end
end
function Hash:__read(file)
  for _ = 1, file:readLong() do
    local key = file:readObject()
    self[key] = file:readObject()
  end
end

function Vec:__write(file)
  file:writeLong(#self)
  for _, x in ipairs(self) do file:writeObject(x) end
end
function Vec:__read(file)
  for i = 1, file:readLong() do self[i] = file:readObject() end
end

function AtomicCounter:__write(file) file:writeLong(self:get()) end
function AtomicCounter:__read(file) self:set(file:readLong()) end

for name, kind in pairs{Hash = {Hash, newHash, native.newHash}, Vec = {Vec, newVec, native.newVec},
                        AtomicCounter = {AtomicCounter, native.newCounter, native.newCounter}} do
  local mt, constructor, factory = unpack(kind)
  mt.__version = 0
  class.register('tds.' .. name, mt)
  class.newmetatable('tds.' .. name, nil, constructor, nil, factory, tds)
end
tds.hash, tds.vec = tds.Hash, tds.Vec

return tds
