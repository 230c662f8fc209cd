-- Reads the project's reference results, oracles/<name>.json and oracles/<name>.h5: JSON without exotic escapes, and
-- HDF5 of the oldest and plainest kind (version 0, little-endian numbers, no chunks, no filters). Needs no packages,
-- so that the results of any function can be tested before there are packages that read such files.
local ffi = require 'ffi'

-- The value of a JSON text.
local function decode(text)
  local at = 1
  local value
  local function skip() at = text:find('[^%s,:]', at) end
  local function entries(close, read)
    local t = {}
    at = at + 1
    skip()
    while text:sub(at, at) ~= close do
      read(t)
      skip()
    end
    at = at + 1
    return t
  end
  local words = {['true'] = true, ['false'] = false}
  function value()
    skip()
    local first = text:sub(at, at)
    if first == '{' then
      return entries('}', function(t)
        local key = value()
        t[key] = value()
      end)
    elseif first == '[' then
      return entries(']', function(t) t[#t + 1] = value() end)
    elseif first == '"' then
      local start = at + 1
      repeat
        at = text:find('[\\"]', at + 1)
        local escape = text:sub(at, at) == '\\'
        if escape then at = at + 1 end
      until not escape
      at = at + 1
      return (text:sub(start, at - 2):gsub('\\(.)', '%1'))
    end
    local word
    word, at = text:match('^([%w.+-]+)()', at)
    if words[word] ~= nil then return words[word] end
    return tonumber(word)
  end
  return value()
end

-- The datasets of an HDF5 file: a function from path to tensor. Offsets count from 0; names are those of the HDF5 File
-- Format Specification 3.0, sections II and III.
local function datasets(text)
  local function integer(offset, bytes)
    local n = 0
    for i = bytes, 1, -1 do n = n * 256 + text:byte(offset + i) end
    return n
  end

  -- Calls f(type, offset) for each message of an object header (IV.A.1.a).
  local function eachMessage(header, f)
    assert(integer(header, 1) == 1, 'object header version')
    local blocks = {{header + 16, integer(header + 8, 4)}}
    for _, block in ipairs(blocks) do  -- grows while it is walked
      local at, stop = block[1], block[1] + block[2]
      while at + 8 <= stop do
        local type, size = integer(at, 2), integer(at + 2, 2)
        if type == 0x10 then
          blocks[#blocks + 1] = {integer(at + 8, 8), integer(at + 16, 8)}
        else
          f(type, at + 8)
        end
        at = at + 8 + size
      end
    end
  end

  -- Calls f(name, header) for each entry below a node of a group's B-tree (III.A.1, III.B).
  local function eachEntry(node, names, f)
    if text:sub(node + 1, node + 4) == 'TREE' then
      for i = 0, integer(node + 6, 2) - 1 do eachEntry(integer(node + 32 + 16 * i, 8), names, f) end
    else
      for i = 0, integer(node + 6, 2) - 1 do
        local entry = node + 8 + 40 * i
        f(text:match('^%Z*', names + integer(entry, 8) + 1), integer(entry + 8, 8))
      end
    end
  end

  local headers = {}
  local function visit(path, header)
    headers[path] = header
    eachMessage(header, function(type, at)
      if type ~= 0x11 then return end
      local names = integer(integer(at + 8, 8) + 24, 8)
      eachEntry(integer(at, 8), names, function(name, child) visit(path .. '/' .. name, child) end)
    end)
  end
  assert(text:sub(1, 8) == '\137HDF\r\n\26\n' and integer(8, 1) == 0, 'superblock version')
  visit('', integer(64, 8))

  local types = {  -- by class (0 integer, 1 floating) and bytes
    ['0 1'] = 'Byte', ['0 2'] = 'Short', ['0 4'] = 'Int', ['0 8'] = 'Long', ['1 4'] = 'Float', ['1 8'] = 'Double',
  }
  return function(path)
    local sizes, dtype, data = {}, nil, nil
    eachMessage(headers[path] or error('no dataset ' .. path), function(type, at)
      if type == 1 then
        for d = 0, integer(at + 1, 1) - 1 do sizes[d + 1] = integer(at + 8 + 8 * d, 8) end
      elseif type == 3 then
        dtype = types[integer(at, 1) % 16 .. ' ' .. integer(at + 4, 4)]
        local signed = math.floor(integer(at + 1, 1) / 8) % 2 == 1
        if dtype == 'Byte' and signed then dtype = 'Char' end
      elseif type == 8 then
        assert(integer(at, 1) == 3 and integer(at + 1, 1) == 1, 'contiguous data')
        data = integer(at + 2, 8)
      end
    end)
    local x = torch[dtype .. 'Tensor']():resize(torch.LongStorage(sizes))
    ffi.copy(x:data(), ffi.cast('const char*', text) + data, x:nElement() * x:elementSize())
    return x
  end
end

local function content(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*all')
  file:close()
  return text
end

-- The cases of oracles/<name>.json, and a function that reads a tensor of oracles/<name>.h5 by its path. Prints that it
-- skips, and returns nothing, where the data is not there.
return function(name)
  local folder = os.getenv('CRESSET_SHARED_DATA')
  if not folder then
    print('skipped: CRESSET_SHARED_DATA does not name the shared data')
    return
  end
  local path = folder .. '/oracles/' .. name
  return decode(content(path .. '.json')), datasets(content(path .. '.h5'))
end
