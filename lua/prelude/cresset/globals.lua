-- Tells a user's globals from those that came with the interpreter.
local globals = {preloaded = {}}  -- names that are not the user's

-- Takes every name that is set now for the interpreter's own.
function globals.remember()
  for name in next, _G do globals.preloaded[name] = true end
end

-- Modules that were loaded later are libraries too, as is a lone underscore.
function globals.isUsers(name)
  return not globals.preloaded[name] and not package.loaded[name] and name ~= '_'
end

-- The string keys of a table, sorted: a copy, so that the table may change meanwhile.
function globals.sortedKeys(t)
  local keys = {}
  for key in next, t do
    if type(key) == 'string' then keys[#keys + 1] = key end
  end
  table.sort(keys)
  return keys
end

-- Sorted names of the globals for which chosen(name) is true.
function globals.list(chosen)
  local names = {}
  for _, name in ipairs(globals.sortedKeys(_G)) do
    if chosen(name) then names[#names + 1] = name end
  end
  return names
end

return globals
