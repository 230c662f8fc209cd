-- What a file holds of the functions of nn and optim. In Torch7 these are Lua functions without upvalues, and scripts
-- save them: in a method that replaces another and calls it, or in a table of options. Here they are C++ or refer to
-- it, so a file holds a Lua function instead that calls them by their names.
local class = require 'torch.class'

local packages = {'nn', 'optim'}

local standIns = setmetatable({}, {__mode = 'k'})

local function isOurs(f)
  local info = debug.getinfo(f, 'S')
  return info.what == 'C' or info.source:sub(1, 9) == '@cresset/'
end

local function keyOf(f, members)
  for key, member in next, members do
    if member == f and type(key) == 'string' then return key end
  end
end

-- The package that has f and the keys that lead to it there: `nn`, `Linear.updateOutput`.
local function find(f)
  for _, name in ipairs(packages) do
    local package_ = package.loaded[name] or {}
    local key = keyOf(f, package_)
    if key then return name, key end
    for part, members in next, package_ do
      if type(members) == 'table' and not class.typename(members) then
        local mt = getmetatable(members)  -- of a class: its methods
        key = keyOf(f, type(mt) == 'table' and mt or members)
        if key then return name, part .. '.' .. key end
      end
    end
  end
end

-- The function to write in place of f, or nil.
local function standIn(f)
  if not isOurs(f) then return nil end
  local known = standIns[f]
  if known then return known end
  local name, path = find(f)
  if not name then return nil end
  known = loadstring(("return require('%s').%s(...)"):format(name, path), ('=%s.%s'):format(name, path))
  standIns[f] = known
  return known
end

return standIn
