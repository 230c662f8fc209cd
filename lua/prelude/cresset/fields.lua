-- The fields that a value has, inherited ones included: for completion and for hints in error messages.

-- Walks a value and what it inherits from, and calls visit(key, value) for each field with a string key.
local function visitFields(object, visit)
  local seen = {}
  local function walk(t)
    if type(t) ~= 'table' or seen[t] then return end
    seen[t] = true
    for key, value in pairs(t) do
      if type(key) == 'string' then visit(key, value) end
    end
    local meta = debug.getmetatable(t)
    if type(meta) ~= 'table' then return end
    walk(rawget(meta, '__index'))
  end
  walk(object)
  -- A Torch class keeps its methods in the metatable of its objects; its parent is that table's metatable.
  local meta = debug.getmetatable(object)
  while type(meta) == 'table' and rawget(meta, '__typename') and not seen[meta] do
    walk(meta)
    meta = debug.getmetatable(meta)
  end
end

return visitFields
