-- What xlua adds to Lua's own tables `table` and `string`.
local check = require 'cresset.check'

-- Returns the elements that stay and those that were cut out: `length` of them from `start` on.
function table.splice(t, start, length)
  check.table(t, 'splice', 1)
  start, length = start or 1, length or 1
  local remaining, removed = {}, {}
  for i = 1, #t do
    local target = i >= start and i < start + length and removed or remaining
    target[#target + 1] = t[i]
  end
  return remaining, removed
end

-- Returns the elements without duplicates. hash(element) tells which are equal, itself by default;
-- merge(kept, duplicate), when given, makes the element that stays.
function table.prune(t, hash, merge)
  check.table(t, 'prune', 1)
  local pruned, places = {}, {}
  for _, element in ipairs(t) do
    local key = element
    if hash then key = hash(element) end
    local place = places[key]
    if not place then
      pruned[#pruned + 1] = element
      places[key] = #pruned
    elseif merge then
      pruned[place] = merge(pruned[place], element)
    end
  end
  return pruned
end

function string.split(text, pattern)
  return require('sys').split(text, pattern)
end

-- The value of an expression of globals, such as `torch.Tensor`; nil when it has none.
function string.tosymbol(text)
  local expression = loadstring('return ' .. check.string(text, 'tosymbol', 1))
  local good, value = pcall(expression or error)
  if good then return value end
end
