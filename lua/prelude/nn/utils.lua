-- nn.utils: operations over tensors and nested tables of tensors.
local torch = require 'torch'
local fail = require 'nn.fail'

local utils = {}

local function failNesting(a, b)
  fail(('expecting nested tensors or tables. Got %s and %s instead'):format(torch.type(a), torch.type(b)))
end

-- The tensor with its elements as `type`. `cache` knows what was converted before: tensors by object, and also by
-- address, because one tensor may have several Lua objects; storages by address. Its keys keep the originals alive, so
-- that no address is used twice.
local function convertTensor(tensor, type, cache)
  if torch.typename(tensor) == type then return tensor end
  local converted = cache[tensor] or cache[torch.pointer(tensor)]
  if converted then return converted end
  converted = torch.getconstructortable(type)()
  local storage = tensor:storage()
  if storage then
    local address = torch.pointer(storage)
    local newStorage = cache[address]
    if not newStorage then
      newStorage = torch.getconstructortable((type:gsub('Tensor$', 'Storage')))(storage:size())
      newStorage:copy(storage)
      cache[address] = newStorage
    end
    converted:set(newStorage, tensor:storageOffset(), tensor:size(), tensor:stride())
  end
  cache[tensor], cache[torch.pointer(tensor)] = converted, converted
  return converted
end

-- Converts every tensor in value: a tensor, a module, a criterion, or a table of these. What shared a storage still
-- does.
function utils.recursiveType(value, type, cache)
  if not torch.getconstructortable(type) then
    local hint = tostring(type):find('^torch%.Cuda') and "; the CUDA plugin is not loaded (require 'cutorch')" or ''
    fail(('recursiveType: argument 2 (type): expected a tensor type such as torch.FloatTensor, got %s%s'):format(
      tostring(type), hint))
  end
  cache = cache or {}
  if torch.isTensor(value) then return convertTensor(value, type, cache) end
  if _G.type(value) ~= 'table' then return value end
  if cache[value] then return value end  -- further out on the stack: a table may contain itself, a module its parent
  cache[value] = true
  if torch.typename(value) == nil then
    for key, entry in pairs(value) do value[key] = utils.recursiveType(entry, type, cache) end
  elseif torch.isTypeOf(value, 'nn.Module') or torch.isTypeOf(value, 'nn.Criterion') then
    value:type(type, cache)
  end
  cache[value] = nil
  return value
end

-- Gives t1 the nesting of t2 and the tensors the sizes that they have there. Returns both.
function utils.recursiveResizeAs(t1, t2)
  if torch.type(t2) == 'table' then
    t1 = torch.type(t1) == 'table' and t1 or {t1}
    for key, entry in pairs(t2) do t1[key] = utils.recursiveResizeAs(t1[key], entry) end
    for key in pairs(t1) do
      if t2[key] == nil then t1[key] = nil end
    end
  elseif torch.isTensor(t2) then
    t1 = torch.isTensor(t1) and t1 or t2.new()
    t1:resize(t2:size())
  else
    failNesting(t1, t2)
  end
  return t1, t2
end

function utils.recursiveFill(t, value)
  if torch.type(t) == 'table' then
    for key, entry in pairs(t) do t[key] = utils.recursiveFill(entry, value) end
  elseif torch.isTensor(t) then
    t:fill(value)
  else
    fail(('expecting tensor or table thereof. Got %s instead'):format(torch.type(t)))
  end
  return t
end

-- t1 = t1 + factor * t2; the factor may be left out. Returns both.
function utils.recursiveAdd(t1, factor, t2)
  if t2 == nil then factor, t2 = 1, factor end
  if torch.type(t2) == 'table' then
    t1 = torch.type(t1) == 'table' and t1 or {t1}
    for key, entry in pairs(t2) do t1[key] = utils.recursiveAdd(t1[key], factor, entry) end
  elseif torch.isTensor(t1) and torch.isTensor(t2) then
    t1:add(factor, t2)
  else
    failNesting(t1, t2)
  end
  return t1, t2
end

-- Makes t1 a copy of t2, nesting included. Returns both.
function utils.recursiveCopy(t1, t2, async)
  if torch.type(t2) == 'table' then
    t1 = torch.type(t1) == 'table' and t1 or {t1}
    for key, entry in pairs(t2) do t1[key] = utils.recursiveCopy(t1[key], entry, async) end
  elseif torch.isTensor(t2) then
    t1 = torch.isTensor(t1) and t1 or t2.new()
    t1:resize(t2:size())
    if async then t1:copyAsync(t2) else t1:copy(t2) end
  else
    failNesting(t1, t2)
  end
  return t1, t2
end

-- A view of t with a dimension of size 1 before `dim` (default 1): addSingletonDimension([view,] t [, dim]).
function utils.addSingletonDimension(...)
  local view, t, dim
  if torch.isTensor((select(2, ...))) then
    view, t, dim = ...
  else
    t, dim = ...
    if not torch.isTensor(t) then
      fail('addSingletonDimension: argument 1: expected tensor, got ' .. torch.type(t))
    end
    view = t.new()
  end
  dim = dim or 1
  if dim < 1 or dim > t:dim() + 1 then
    fail(('invalid dimension: %s. Tensor is of %d dimensions.'):format(tostring(dim), t:dim()))
  end
  local size, stride = torch.LongStorage(t:dim() + 1), torch.LongStorage(t:dim() + 1)
  for d = 1, t:dim() + 1 do
    local from = d < dim and d or d - 1
    size[d] = d == dim and 1 or t:size(from)
    stride[d] = d == dim and 1 or t:stride(from)
  end
  view:set(t:storage(), t:storageOffset(), size, stride)
  return view
end

-- Makes `output` a view of t with these sizes; when t has no such view, of a copy that output holds.
function utils.contiguousView(output, t, ...)
  output = output or t.new()
  if t:isContiguous() then
    output:view(t, ...)
  else
    output:resize(t:size()):copy(t)
    output:view(output, ...)
  end
  return output
end

local function clearField(object, field)
  local value = object[field]
  if value == nil then return end
  if torch.isTensor(value) then
    value:set()
  elseif type(value) == 'table' then
    object[field] = {}
  else
    object[field] = nil
  end
end

-- Empties fields, given by name or as one table of names: tensors in place, tables by new ones. Returns the object.
function utils.clear(object, ...)
  local names = type((...)) == 'table' and (...) or {...}
  for _, name in ipairs(names) do clearField(object, name) end
  return object
end

return utils
