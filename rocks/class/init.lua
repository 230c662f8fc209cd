-- The package `class`: classes with single inheritance, apart from Torch's own.
--
--   local A = class('A')            local B = class('B', 'A')
--   function A:__init(x) ... end    local b = B(x)
local check = require 'cresset.check'

local class = {}
local metatables = {}  -- by class name

-- Makes a class and returns its constructor: calling it makes an instance, assigning to it adds a method.
function class.new(name, parentname)
  name = check.string(name, 'class', 1)
  parentname = check.optionalString(parentname, 'class', 2)
  local parent = parentname and metatables[parentname]
  check.argument(not metatables[name], 'class', 1, 'class ' .. name .. ' exists already')
  check.argument(parent or not parentname, 'class', 2, 'no class ' .. tostring(parentname))

  local meta = {__typename = name}
  meta.__index = meta
  setmetatable(meta, parent)
  metatables[name] = meta

  function meta.new(...)
    local object = setmetatable({}, meta)
    if meta.__init then object:__init(...) end
    return object
  end

  return setmetatable({}, {
    __index = meta,
    __newindex = meta,
    __metatable = meta,
    __call = function(_, ...) return meta.new(...) end,
  })
end

-- An instance whose __init was not called, or nil for an unknown class.
function class.factory(name)
  local meta = metatables[name]
  return meta and setmetatable({}, meta)
end

function class.metatable(name)
  return metatables[name]
end

local function classOf(object)
  local meta = type(object) == 'table' and getmetatable(object)
  local name = type(meta) == 'table' and rawget(meta, '__typename')
  return name and metatables[name] == meta and meta or nil
end

function class.type(object)
  local meta = classOf(object)
  return meta and meta.__typename or type(object)
end

function class.istype(object, name)
  local meta = classOf(object)
  if not meta then return type(object) == name end
  while meta do
    if rawget(meta, '__typename') == name then return true end
    meta = getmetatable(meta)
  end
  return false
end

return setmetatable(class, {__call = function(_, ...) return class.new(...) end})
