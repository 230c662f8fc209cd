-- Modules as text: strings.txt has what Torch7 prints.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()

local folder = paths.dirname(paths.thisfile())

function test.modules_print_as_in_torch7()
  local seen, missing = 0, {}
  for line in io.lines(folder .. '/strings.txt') do
    local constructor, text = line:match('^(nn.-) => (.*)$')
    local known = constructor ~= nil
    for name in (constructor or ''):gmatch('nn%.(%w+)') do
      if not nn[name] then
        known = false
        missing[name] = true
      end
    end
    if known then
      seen = seen + 1
      tester:eq(tostring(assert(loadstring('return ' .. constructor))()), (text:gsub('\\n', '\n')), constructor)
    end
  end
  tester:assert(seen > 40, 'rows of classes that exist: ' .. seen)
  local names = {}
  for name in pairs(missing) do names[#names + 1] = name end
  table.sort(names)
  if #names > 0 then print('Not yet: nn.' .. table.concat(names, ', nn.')) end
end

tester:add(test):run()
