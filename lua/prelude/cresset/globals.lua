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

-- Sorted names of the globals for which chosen(name) is true.
function globals.list(chosen)
  local names = {}
  for name in next, _G do
    if type(name) == 'string' and chosen(name) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return globals
