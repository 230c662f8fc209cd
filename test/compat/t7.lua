-- Files that Torch7 and others wrote over the years load as their descriptions say.
local data = os.getenv 'CRESSET_SHARED_DATA'
if not data then
  print('skipped: CRESSET_SHARED_DATA names no folder of test data')
  os.exit(0)
end

local json = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local function read(name)
  local file = assert(io.open(name))
  local text = file:read('*a')
  file:close()
  return text
end

local special = {nan = 0 / 0, inf = math.huge, ['-inf'] = -math.huge}
local function isClose(a, b)
  b = special[b] or b
  if a ~= a or b ~= b then return a ~= a and b ~= b end
  return a == b or math.abs(a - b) <= 1e-6 * math.max(1, math.abs(b))
end

local compare

local function compareTensor(place, d, x)
  local sizes = x:size():totable()
  tester:eq(torch.type(x), d.tensor, place)
  tester:eq(sizes, d.size, place .. ': size')
  if d.stride then tester:eq(x:stride():totable(), d.stride, place .. ': stride') end
  if not d.sum then return end
  tester:assert(isClose(x:double():sum(), d.sum), place .. ': sum')
  local flat = x:contiguous():view(-1)
  for i, wanted in ipairs(d.first) do tester:assert(isClose(flat[i], wanted), place .. ': element ' .. i) end
  tester:assert(isClose(flat[flat:size(1)], d.last), place .. ': last element')
end

-- The class of an object, known or loaded as a table.
local function className(object) return torch.typename(object) or object.__typename end

local function compareTable(place, pairs_, t, known)
  for _, pair in ipairs(pairs_) do
    local key, wanted = pair[1], pair[2]
    if type(key) ~= 'table' then
      compare(place .. '.' .. tostring(key), wanted, t[key], known)
    elseif key.same_as and known[key.same_as] then
      compare(place .. '[object]', wanted, t[known[key.same_as]], known)
    end
  end
end

-- `known` maps the numbers of a description to the objects met.
function compare(place, d, value, known)
  if type(d) ~= 'table' then
    if type(value) == 'number' then return tester:assert(isClose(value, d), place) end
    return tester:eq(value, d, place)
  end
  if d.string then return tester:eq(value, d.string, place) end
  if d.tensor then return compareTensor(place, d, value) end
  if d.storage then return tester:eq(value:size(), d.size, place) end
  if d.function_bytes then return tester:eq(type(value), 'function', place) end
  if d.same_as then
    if known[d.same_as] ~= nil then tester:assert(rawequal(known[d.same_as], value), place .. ': the same object') end
    return
  end
  if d.id then known[d.id] = value end
  if d.class then
    tester:eq(className(value), d.class, place)
    return compareTable(place, d.fields.table, value, known)
  end
  tester:eq(type(value), 'table', place)
  if d.table then compareTable(place, d.table, value, known) end
end

for name, d in pairs(json.parse(read(data .. '/t7/expected.json'))) do
  test[name:gsub('[^%w]', '_')] = function()
    local value = torch.load(data .. '/t7/' .. name, d.format, {unknown = 'table'})
    if d.structure then compare(name, d.structure, value, {}) end
    if d.tensor then compareTensor(name, d, value) end
  end
end

-- All fixtures but those of nngraph; check.lua compares every value, and runs the networks and criterions.
function test.fixtures_are_read_exactly()
  local names = {}
  for _, name in ipairs(json.parse(read(data .. '/t7-fixtures/index.json'))) do
    if not name:find('^net_graph') then names[#names + 1] = name end
  end
  -- check.lua leaves by os.exit, which closes no Lua state: a leak checker would report all that it holds.
  local command = "cd '%s/t7-fixtures' && ASAN_OPTIONS=detect_leaks=0 CRESSET_LOAD_FUNCTIONS=1 '%s' check.lua %s 2>&1"
  local program = paths.filep(arg[0]) and paths.concat(arg[0]) or arg[0]  -- a path must be absolute after the cd
  local pipe = io.popen(command:format(data, program, table.concat(names, ' ')))
  local output = pipe:read('*a')
  pipe:close()
  tester:assert(output:find('failed=0%s*$') ~= nil, output)
end

tester:add(test):run()
