-- Torch7's class system: a class is a metatable with a name, a constructor table, and hooks like __index__.
-- `torch.class('A.B', 'A.Parent')` returns the metatable and the parent's.

local promised = {}       -- type name -> function that registers the class
local waiting = {}        -- type name -> functions to call when the class is registered
local registry = setmetatable({}, {  -- type name -> metatable
  __index = function(registry, name)
    local make = promised[name]
    if not make then return nil end
    promised[name] = nil
    make(name)
    return rawget(registry, name)
  end,
})
-- Lua's registry has each class under its name, as Torch7's does. Who takes one out of it, such as iTorch, may define a
-- class of that name anew; objects of the old one keep their methods.
local visible = debug.getregistry()
local nameOf = {}         -- metatable -> type name
local constructors = {}   -- type name -> constructor table
local isConstructor = setmetatable({}, {__mode = 'k'})
local ofCtype = {}        -- number of an FFI type -> metatable

local M = {}

local rawget, getmetatable, setmetatable, type = rawget, getmetatable, setmetatable, type

-- The metatable of a class instance (table, userdata or registered cdata), or nil.
local function classOf(object)
  if isConstructor[object] then return nil end
  local mt = getmetatable(object)
  if type(mt) == 'table' and nameOf[mt] then return mt end
  if mt == 'ffi' then return ofCtype[tonumber(require('ffi').typeof(object))] end
  return nil
end

function M.typename(...)
  if select('#', ...) == 0 then error('torch.typename: value expected', 2) end
  local object = (...)
  local mt = object ~= nil and type(object) ~= 'string' and classOf(object)
  if mt then return nameOf[mt] end
end

function M.type(object)
  local mt = object ~= nil and type(object) ~= 'string' and classOf(object)
  return mt and nameOf[mt] or type(object)
end

-- Metamethods
local function nameOrNull(object) return M.typename(object) or '(null)' end

-- The field of a class or of one of its parents, without calling any hook.
local function classField(mt, key)
  while mt do
    local value = rawget(mt, key)
    if value ~= nil then return value end
    mt = debug.getmetatable(mt)
  end
end

local operators = {
  add = 'addition', sub = 'substraction', mul = 'multiplication', div = 'division', mod = 'modulo', pow = 'power',
  concat = 'concat',
}
local metamethods = {}
for operator, noun in pairs(operators) do
  local hook = '__' .. operator .. '__'
  metamethods['__' .. operator] = function(a, b)
    -- The left operand decides when it has any metatable at all; one that a script gave to all numbers does not count.
    local mt = classOf(a) or (getmetatable(a) == nil or type(a) == 'string' or type(a) == 'number') and classOf(b)
    local f = mt and mt[hook]
    if not f then error(('both %s and %s have no %s operator'):format(nameOrNull(a), nameOrNull(b), noun), 2) end
    return f(a, b)
  end
end
for operator, noun in pairs {lt = 'less-than', le = 'less-equal'} do
  local hook = '__' .. operator .. '__'
  metamethods['__' .. operator] = function(a, b)
    local mt = classOf(a) or classOf(b)
    local f = mt and mt[hook]
    if not f then error(('both %s and %s have no %s operator'):format(nameOrNull(a), nameOrNull(b), noun), 2) end
    return f(a, b)
  end
end
for operator, noun in pairs {unm = 'negation', len = 'length', call = 'call'} do
  local hook = '__' .. operator .. '__'
  metamethods['__' .. operator] = function(self, ...)
    local f = classOf(self)[hook]
    if not f then error(('%s has no %s operator'):format(nameOrNull(self), noun), 2) end
    return f(self, ...)
  end
end
-- Without a hook, `same` decides.
local function equality(same)
  return function(a, b)
    local mt = classOf(a)
    local f = mt and mt.__eq__
    if f then return f(a, b) end
    return same(a, b)
  end
end
metamethods.__eq = equality(rawequal)
function metamethods.__tostring(self)
  if nameOf[self] then return nameOf[self] end  -- a class, not an instance: the hook would miss its fields
  local mt = classOf(self)
  local f = mt.__tostring__
  if f then return f(self) end
  return nameOf[mt]
end

-- Instances look up plain class tables, which LuaJIT does fast. A class with an __index__ or __newindex__ hook gets a
-- function instead; hooks are methods like any other, so this is decided anew whenever an instance is made.
local function indexWithHook(mt)
  return function(self, key)
    if rawget(self, '__typename') == nil then  -- a class below looks for inherited fields: no hook
      local value, accepted = classField(mt, '__index__')(self, key)
      if accepted then return value end
    end
    return classField(mt, key)
  end
end
local function newindexWithHook(mt)
  return function(self, key, value)
    if not classField(mt, '__newindex__')(self, key, value) then rawset(self, key, value) end
  end
end
local hooked = setmetatable({}, {__mode = 'k'})
local function installHooks(mt)
  if not hooked[mt] and classField(mt, '__index__') then
    hooked[mt] = true
    mt.__index = indexWithHook(mt)
  end
  if not rawget(mt, '__newindex') and classField(mt, '__newindex__') then mt.__newindex = newindexWithHook(mt) end
end

-- Classes
-- The table that a dotted name's last part is stored in.
local function ownerOf(name, module)
  local path, last = name:match('^(.*)%.([^.]*)$')
  if module then return module, last or name end
  if not path then return _G, name end
  local owner = _G
  for part in path:gmatch('[^.]+') do
    owner = type(owner) == 'table' and owner[part] or nil
    if owner == nil then return nil, last, path end
  end
  return owner, last
end

-- A class of our own that nobody has used yet is loaded when somebody derives from it.
local function known(name)
  if not registry[name] and package.preload[name] then require(name) end
  return registry[name]
end

-- Creates or completes a class. Returns its metatable. `constructor` makes and initialises an instance, `factory` makes
-- one without calling __init.
function M.newmetatable(name, parentName, constructor, destructor, factory, module)
  local mt = registry[name]
  if not mt then
    mt = {__typename = name, __version = 1}
    mt.__index = mt
    mt.__metatable = mt
    for key, f in pairs(metamethods) do mt[key] = f end
    registry[name], nameOf[mt], visible[name] = mt, name, mt
  end
  if parentName then
    local parent = registry[parentName]
    if not parent then error(("bad argument #2 (invalid parent class name %s)"):format(parentName), 3) end
    if debug.getmetatable(mt) then error(('class %s has been already assigned a parent class'):format(name), 3) end
    debug.setmetatable(mt, parent)
  end
  if destructor then
    if rawget(mt, '__gc') then error(('%s has been already assigned a destructor'):format(name), 3) end
    mt.__gc = destructor
  end
  if factory then
    if rawget(mt, '__factory') then error(('%s has been already assigned a factory'):format(name), 3) end
    mt.__factory = factory
  end
  if constructor then
    if rawget(mt, '__constructor') then error(('%s has been already assigned a constructor'):format(name), 3) end
    mt.__constructor, mt.new = constructor, constructor
    local class = {}
    isConstructor[class] = true
    debug.setmetatable(class, {
      __index = mt, __newindex = mt, __metatable = mt,
      __call = function(_, ...) return constructor(...) end,
    })
    constructors[name] = class
    local owner, last, missing = ownerOf(name, module)
    if not owner then error(('bad argument #1 (%s is an invalid module name)'):format(missing), 3) end
    owner[last] = class
  end
  return mt
end

function M.class(name, a, b)
  local parentName, module
  if type(a) == 'string' then parentName, module = a, b else module = a end
  if type(name) ~= 'string' or (a ~= nil and type(a) ~= 'string' and type(a) ~= 'table') or
      (b ~= nil and (type(b) ~= 'table' or type(a) ~= 'string')) then
    error('torch.class: <class name> [<parent class name>] [<module table>] expected', 2)
  end
  if registry[name] and visible[name] == nil then registry[name], constructors[name] = nil, nil end
  if registry[name] and rawget(registry[name], '__factory') then
    error(('%s has been already assigned a factory'):format(name), 2)
  end
  if parentName and not known(parentName) then
    error(('torch.class: bad argument #2 (invalid parent class name %s)'):format(parentName), 2)
  end
  local owner, _, missing = ownerOf(name, module)
  if not owner then error(('torch.class: bad argument #1 (%s is an invalid module name)'):format(missing), 2) end
  local mt
  local function factory()
    installHooks(mt)
    return setmetatable({}, mt)
  end
  local function constructor(...)
    installHooks(mt)
    local self = setmetatable({}, mt)
    local init = mt.__init
    if init then init(self, ...) end
    return self
  end
  mt = M.newmetatable(name, parentName, constructor, nil, factory, module)
  if parentName then return mt, registry[parentName] end
  return mt
end

local function know(name, mt)
  mt.__typename, mt.__version = name, mt.__version or 1
  registry[name], nameOf[mt], visible[name] = mt, name, mt
end

-- Makes the metatable of a userdata type known as a class, with the operators of one.
function M.register(name, mt, constructor, factory)
  know(name, mt)
  mt.__metatable = mt
  if rawget(mt, '__eq') then mt.__eq = equality(mt.__eq) end  -- two userdata may wrap one object
  for key, f in pairs(metamethods) do
    if rawget(mt, key) == nil then mt[key] = f end
  end
  if constructor then M.newmetatable(name, nil, constructor, nil, factory) end
  for _, f in ipairs(waiting[name] or {}) do f(mt) end
  return mt
end

-- Offers a class that make(name) is to register when somebody first asks for it.
function M.promise(name, make) promised[name] = make end

-- What was promised in a package's name: the constructor table of the class `package.key`, or nil; the keys of all.
function M.kept(package, key)
  local name = package .. '.' .. key
  return promised[name] and M.getconstructortable(name)
end
function M.promises(package)
  local keys = {}
  for name in pairs(promised) do
    local owner, key = name:match('^(.*)%.([^.]*)$')
    if owner == package then keys[#keys + 1] = key end
  end
  return keys
end

-- Calls f with the metatable of a registered class: now, or when it is.
function M.whenRegistered(name, f)
  local mt = rawget(registry, name)
  if mt then return f(mt) end
  waiting[name] = waiting[name] or {}
  table.insert(waiting[name], f)
end

-- Makes any metatable known as a class, and with `ctype` the cdata of that type as its instances: `point` for what
-- ffi.new makes, `point &` for what a pointer points to. What they do stays the metatable's own matter; an FFI type
-- gets it by ffi.metatype, which can be called only once, by the type's owner.
function M.metatype(name, mt, ctype)
  know(name, mt)
  if ctype then ofCtype[tonumber(require('ffi').typeof(ctype))] = mt end
  return mt
end

-- Queries
function M.getmetatable(name) return registry[name] end
function M.getconstructortable(name) return registry[name] and constructors[name] end
function M.factory(name)
  local mt = registry[name]
  return mt and rawget(mt, '__factory') or nil
end
function M.setmetatable(object, name)
  local mt = registry[name]
  if not mt then error('unknown typename ' .. tostring(name), 2) end
  installHooks(mt)
  return setmetatable(object, mt)
end
function M.version(object)
  local mt = classOf(object)
  if mt then return mt.__version end
end

function M.isTypeOf(object, spec)
  if type(spec) == 'table' then spec = isConstructor[spec] and getmetatable(spec).__typename or nil end
  if type(spec) ~= 'string' then error('torch.isTypeOf: type name, pattern or constructor table expected', 2) end
  local mt = object ~= nil and classOf(object)
  while mt do
    local name = nameOf[mt]
    if name == spec then return true end
    -- A plain name must be the whole name; a pattern may match part of it.
    if name and spec:find('[%^%$%(%)%%%[%]%*%+%-%?]') and name:find(spec) then return true end
    mt = debug.getmetatable(mt)
    if not (mt and nameOf[mt]) then mt = nil end
  end
  return false
end

function M.isTensor(object)
  local name = M.typename(object)
  return name ~= nil and name:find('^torch%..*Tensor$') ~= nil
end
function M.isStorage(object)
  local name = M.typename(object)
  return name ~= nil and name:find('^torch%..*Storage$') ~= nil
end

M.installHooks = installHooks
return M
