-- Runs the Lua programs of README.md, each as a script of its own, in the order of the page.
local here = assert(os.getenv('CRESSET_SOURCE_DIR'), 'CRESSET_SOURCE_DIR is not set')
local file = assert(io.open(here .. '/README.md'))
local page = file:read('*a')
file:close()

local folder = paths.tmpname() .. '-readme'
paths.mkdir(folder)
local count = 0
for program in page:gmatch('```lua\n(.-)```') do
  count = count + 1
  local script = ('%s/%d.lua'):format(folder, count)
  local out = assert(io.open(script, 'w'))
  out:write(program)
  out:close()
  local th = paths.concat(paths.execdir(), 'th')
  assert(os.execute(("cd '%s' && '%s' '%s'"):format(folder, th, script)), 'README.md: program ' .. count .. ' failed')
end
assert(count >= 2, 'README.md has no Lua programs any more')
assert(paths.filep(folder .. '/xor.t7'), 'train.lua saved no network')
paths.rmall(folder, 'yes')
