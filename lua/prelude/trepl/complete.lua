-- Completion of Lua names and, inside quotes, of file names.
local visitFields = require 'cresset.fields'

local kKeywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
    until while]]):gmatch('%S+') do kKeywords[word] = true end

-- The value that `a.b[1].c` denotes, or nil. Calls no function but those of __index.
local function resolve(expression)
  local value = rawget(_G, expression:match('^[%a_][%w_]*') or '')
  local rest = expression:match('^[%a_][%w_]*(.*)$')
  while value ~= nil and rest and rest ~= '' do
    local name, after = rest:match('^[.:]([%a_][%w_]*)(.*)$')
    local key = name
    if not name then
      local number, quoted
      number, after = rest:match('^%[(%d+)%](.*)$')
      if not number then quoted, after = rest:match('^%[["\']([^"\']*)["\']%](.*)$') end
      key = tonumber(number) or quoted
    end
    if key == nil then return nil end
    local found, field = pcall(function() return value[key] end)
    if not found then return nil end
    value, rest = field, after
  end
  return value
end

local function suffixOf(value)
  if type(value) == 'function' then return '(' end
  local meta = debug.getmetatable(value)
  local torch = package.loaded.torch
  if type(value) == 'userdata' or type(value) == 'cdata' or torch and torch.typename(value) then return ':' end
  if type(value) == 'table' then return type(meta) == 'table' and meta.__call and '(' or '.' end
  return ''
end

local function names(prefix, object, separator, partial)
  local found = {}
  visitFields(object, function(key, value)
    if key:sub(1, #partial) ~= partial or not key:match('^[%a_][%w_]*$') then return end
    if key:sub(1, 1) == '_' and partial == '' then return end  -- private until asked for
    if separator == ':' and type(value) ~= 'function' then return end
    found[prefix .. key .. suffixOf(value)] = true
  end)
  return found
end

local function globalNames(partial)
  local found = names('', _G, '', partial)
  for keyword in pairs(kKeywords) do
    if partial ~= '' and keyword:sub(1, #partial) == partial then found[keyword] = true end
  end
  return found
end

local function fileNames(partial)
  local system = require 'cresset.system'
  local folder, start = partial:match('^(.*/)([^/]*)$')
  folder, start = folder or '', start or partial
  local path = folder:gsub('^~/', (os.getenv('HOME') or '~') .. '/')
  local found = {}
  for _, name in ipairs(system.list(path == '' and '.' or path) or {}) do
    if name:sub(1, #start) == start and (name:sub(1, 1) ~= '.' or start:sub(1, 1) == '.') and name ~= '.' and
        name ~= '..' then
      local directory = system.kind(path .. name) == 'directory'
      found[folder .. name .. (directory and '/' or '')] = true
    end
  end
  return found
end

-- The text after the quote that is open at the end of `line`, or nil.
local function openString(line)
  local quote, start
  local i = 1
  while i <= #line do
    local c = line:sub(i, i)
    if c == '\\' then
      i = i + 1
    elseif quote then
      if c == quote then quote = nil end
    elseif c == '"' or c == "'" then
      quote, start = c, i + 1
    end
    i = i + 1
  end
  return quote and line:sub(start)
end

local function candidates(word, before)
  local quoted = openString(before)
  if quoted then
    -- The word that the editor replaces may start behind a blank in the file name.
    local found, skipped = {}, #quoted - #word
    for name in pairs(fileNames(quoted)) do found[name:sub(skipped + 1)] = true end
    return found
  end
  local prefix, separator, partial = word:match('^(.*)([.:])([%w_]*)$')
  if not prefix then
    if word:match('^[%a_]?[%w_]*$') then return globalNames(word) end
    return {}
  end
  local object = resolve(prefix)
  if object == nil then return {} end
  return names(prefix .. separator, object, separator, partial)
end

-- Returns a sorted array of what `word`, the end of `line` up to the cursor, may become.
local function complete(word, line)
  local list = {}
  for text in pairs(candidates(word, line or word)) do list[#list + 1] = text end
  table.sort(list)
  return list
end

return complete
