-- Packages whose fields are made when they are first read: a script needs few of them, start-up is counted in
-- milliseconds, and each collection of garbage goes through all there is.
local class = require 'torch.class'

-- Gives the table of the package `name` two kinds of fields: its promised classes, and its parts, which are the values
-- of the modules `name.part`. What the table's metatable found before is found still.
local function lazy(package, name, parts)
  local isPart = {}
  for _, part in ipairs(parts) do isPart[part] = true end
  local before = debug.getmetatable(package)
  debug.setmetatable(package, {
    __index = function(self, key)
      if type(key) ~= 'string' then return nil end
      local value
      if isPart[key] then
        value = require(name .. '.' .. key)
      else
        value = class.kept(name, key)
        if value == nil and before then return before.__index(self, key) end
      end
      if value ~= nil and rawget(self, key) == nil then rawset(self, key, value) end
      return rawget(self, key)
    end,
    __pairs = function(self)
      for _, keys in ipairs {parts, class.promises(name)} do
        for _, key in ipairs(keys) do local _ = self[key] end
      end
      if before then return before.__pairs(self) end
      return next, self, nil
    end,
  })
end

return lazy
