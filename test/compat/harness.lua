-- What these tests share: a reader for the JSON of the test data. parse(text) -> value; null becomes json.null.
local json = {null = setmetatable({}, {__tostring = function() return 'null' end})}

local escapes = {n = '\n', t = '\t', r = '\r', b = '\b', f = '\f'}
local words = {['true'] = true, ['false'] = false, ['null'] = json.null}

local function utf8(code)
  if code < 0x80 then return string.char(code) end
  if code < 0x800 then return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64) end
  return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
end

function json.parse(text)
  local at = 1
  local value

  local function next(pattern)  -- skips white space, then takes what matches, if it does
    local _, last, found = text:find('^%s*(' .. pattern .. ')', at)
    if found then at = last + 1 end
    return found
  end
  local function expect(pattern)
    return next(pattern) or error(('JSON: expected %s at byte %d'):format(pattern, at))
  end
  local function quoted()
    local body = text:match('^[^"\\]*', at)
    at = at + #body
    if text:sub(at, at) == '"' then
      at = at + 1
      return body
    end
    local kind = text:sub(at + 1, at + 1)
    if kind == 'u' then
      local code = tonumber(text:sub(at + 2, at + 5), 16)
      at = at + 6
      return body .. utf8(code) .. quoted()
    end
    at = at + 2
    return body .. (escapes[kind] or kind) .. quoted()
  end
  local function list(close, item)
    if next(close) then return end
    repeat item() until not next(',')
    expect(close)
  end

  function value()
    if next('{') then
      local object = {}
      list('}', function()
        expect('"')
        local key = quoted()
        expect(':')
        object[key] = value()
      end)
      return object
    elseif next('%[') then
      local array = {}
      list('%]', function() array[#array + 1] = value() end)
      return array
    elseif next('"') then
      return quoted()
    end
    local word = expect('[%w.+-]+')
    if words[word] ~= nil then return words[word] end
    return tonumber(word)
  end

  return value()
end

return json
