-- Text as numbers: reading it, its characters (bytes), and the pieces that a network is trained on.
require 'paths'

local text = {}

local function read(path)
  local file, message = io.open(path, 'rb')
  if not file then error('cannot read the text: ' .. message, 0) end
  local content = file:read('*a')
  file:close()
  return content
end

local kSources = {h = true, cpp = true, def = true, lua = true}

-- Appends the sources in a folder and the folders in it to list, in an order that is the same everywhere.
local function listSources(folder, list)
  local names = {}
  for name in paths.iterfiles(folder) do
    if kSources[paths.extname(name) or ''] then table.insert(names, name) end
  end
  table.sort(names)
  for _, name in ipairs(names) do table.insert(list, folder .. '/' .. name) end

  local folders = {}
  for name in paths.iterdirs(folder) do table.insert(folders, name) end
  table.sort(folders)
  for _, name in ipairs(folders) do listSources(folder .. '/' .. name, list) end
end

-- The project's own sources as one text. They are shuffled, so that the end, which is for validation, holds some of
-- every kind.
function text.ofSources(root)
  local files = {}
  for _, folder in ipairs {'tensor', 'nn', 'optim', 'lua', 'rocks'} do
    if paths.dirp(root .. '/' .. folder) then listSources(root .. '/' .. folder, files) end
  end
  if #files == 0 then error('found no sources in ' .. root .. ': give a text file with -data', 0) end
  local order, contents = torch.randperm(#files), {}
  for i = 1, #files do contents[i] = read(files[order[i]]) end
  return table.concat(contents, '\n')
end

function text.ofFile(path)
  return read(path)
end

-- The characters that occur, each once, in the order of their codes.
function text.alphabet(content)
  local seen = {}
  for k = 1, #content do seen[content:byte(k)] = true end
  local alphabet = {}
  for code = 0, 255 do
    if seen[code] then table.insert(alphabet, string.char(code)) end
  end
  return table.concat(alphabet)
end

-- A LongTensor with the position of each character in the alphabet. Throws for characters that are not in it.
function text.encode(content, alphabet)
  local positions = torch.LongTensor(256):zero()
  for k = 1, #alphabet do positions[alphabet:byte(k) + 1] = k end
  local bytes = torch.ByteTensor(torch.ByteStorage():string(content))
  local codes = positions:index(1, bytes:long():add(1))
  if codes:min() == 0 then error('the text has characters that the network never saw', 0) end
  return codes
end

-- The entropy, in nats, of a character when nothing but each character's frequency is known.
function text.unigramEntropy(codes, nCharacter)
  local counts = torch.DoubleTensor(nCharacter):zero()
  counts:indexAdd(1, codes, torch.DoubleTensor(codes:size(1)):fill(1))
  local p = counts[counts:gt(0)]:div(codes:size(1))
  return -torch.cmul(p, torch.log(p)):sum()
end

-- Cuts a text into `batch` streams that are read side by side, `length` characters at a time.
-- Returns a table of pieces {input, target}, each [length x batch]: the target is the character that comes next.
-- The pieces follow one another: the state after one is the state before the next.
function text.pieces(codes, batch, length)
  local perStream = math.floor((codes:size(1) - 1) / batch)
  if perStream < 1 then error('the text is too short for ' .. batch .. ' streams', 0) end
  local function streams(first)
    return codes:narrow(1, first, batch * perStream):view(batch, perStream):t():contiguous()
  end
  local inputs, targets = streams(1), streams(2)
  local pieces = {}
  for first = 1, perStream, length do
    local size = math.min(length, perStream - first + 1)
    table.insert(pieces, {inputs:narrow(1, first, size), targets:narrow(1, first, size)})
  end
  return pieces
end

return text
