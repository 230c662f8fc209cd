-- The reference in doc/torch is what `th doc/generate.lua` writes: each operation has an example, and each example
-- prints what its page shows.
local root = os.getenv 'CRESSET_SOURCE_DIR' or paths.concat(paths.dirname(paths.thisfile()), '../..')
local harness = paths.dofile('harness.lua')
local snippets = require 'cresset.snippets'

local tester = torch.Tester()
local tests = torch.TestSuite()

local function read(name)
  local file = io.open(name)
  if not file then return nil end
  local text = file:read '*a'
  file:close()
  return text
end

function tests.each_operation_has_an_example()
  local known = {}
  for name in require('cresset.torch').opsJson():gmatch '{"name": "([^"]*)"' do
    known[name] = true
    tester:assert(snippets[name] ~= nil, name .. ' has no example in cresset/snippets.lua')
  end
  for name in pairs(snippets) do tester:assert(known[name] ~= nil, name .. ': an example of no operation') end
end

function tests.pages_are_up_to_date()
  local folder = harness.directory()
  local pipe = io.popen(("'%s' '%s/doc/generate.lua' '%s' 2>&1"):format(arg[0], root, folder))
  local output = pipe:read '*a'
  pipe:close()
  tester:eq(output, '')
  for name in paths.iterfiles(folder) do
    tester:assert(read(folder .. '/' .. name) == read(root .. '/doc/torch/' .. name),
                  ('doc/torch/%s is stale: run th doc/generate.lua'):format(name))
  end
  for name in paths.iterfiles(root .. '/doc/torch') do
    tester:assert(paths.filep(folder .. '/' .. name), ('doc/torch/%s is of no family'):format(name))
  end
  paths.rmall(folder, 'yes')
end

function tests.help_shows_the_example()
  local output = harness.capture(function() help 'torch.ger' end)
  tester:assert(output:find('torch.ger(torch.Tensor{1, 2}', 1, true) ~= nil, output)
end

tester:add(tests)
tester:run()
