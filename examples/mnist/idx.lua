-- Reads IDX files, the format in which MNIST is distributed: http://yann.lecun.com/exdb/mnist
-- A big-endian header (0, 0, type, number of dimensions, sizes), and then the elements.
local idx = {}

local kUnsignedByte = 8  -- the type of MNIST's files; the format has others

-- Opens path, or path.gz through gzip.
local function open(path)
  local file = io.open(path, 'rb')
  if file then return file end
  local packed = io.open(path .. '.gz', 'rb')
  if not packed then error('found neither ' .. path .. ' nor ' .. path .. '.gz', 0) end
  packed:close()
  return io.popen("gzip -dc '" .. path:gsub("'", "'\\''") .. ".gz'", 'r')
end

-- A ByteTensor with the sizes that the file names.
function idx.read(path)
  local file = open(path)
  local function read(n)
    local bytes = file:read(n)
    if not bytes or #bytes < n then error(path .. ': the file ends too early', 0) end
    return bytes
  end

  local a, b, kind, nDimension = read(4):byte(1, 4)
  if a ~= 0 or b ~= 0 or kind ~= kUnsignedByte then error(path .. ': not an IDX file of bytes', 0) end
  local sizes, nElement = torch.LongStorage(nDimension), 1
  for d = 1, nDimension do
    local b1, b2, b3, b4 = read(4):byte(1, 4)
    sizes[d] = ((b1 * 256 + b2) * 256 + b3) * 256 + b4
    nElement = nElement * sizes[d]
  end
  local bytes = torch.ByteStorage():string(read(nElement))
  file:close()
  return torch.ByteTensor(bytes, 1, sizes)
end

return idx
