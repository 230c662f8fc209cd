-- Networks that Torch7 saved, from the shared data: they load, and give the output that Torch7 saved beside them.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()

local data = os.getenv('CRESSET_SHARED_DATA')

-- Calls visit(name, load) for each network of a folder; load(part) is the object in the file <name>_<part>.
local function eachNet(folder, visit)
  if not data then
    print('skipped: CRESSET_SHARED_DATA does not name the shared data')
    return
  end
  folder = data .. '/t7/' .. folder
  for file in paths.files(folder, '_net%.') do
    local name, extension = file:match('^(.*)_net%.(%w+)$')
    visit(name, function(part)
      local path = ('%s/%s_%s.%s'):format(folder, name, part, extension)
      return torch.load(path, extension == 'txt' and 'ascii' or 'binary')
    end)
  end
end

function test.outputs_are_those_of_torch7()
  local missing = {}
  eachNet('nets', function(name, load)
    local loaded, net = pcall(load, 'net')
    if not loaded then
      -- A class that is not there yet; anything else is a failure.
      tester:assert(tostring(net):find("has no such class") ~= nil, name .. ': ' .. tostring(net))
      missing[#missing + 1] = name
      return
    end
    local input, expected = load('input'), load('output')
    net:evaluate()

    local output = net:forward(input)

    tester:eq(output:size():totable(), expected:size():totable(), name)
    tester:assert((output:double() - expected:double()):abs():max() < 1e-5, name)
    tester:assert(tostring(net):find('nn.') ~= nil)
    tester:eq(net:clone():forward(input), output, name)
  end)
  if #missing > 0 then print('Not yet: ' .. table.concat(missing, ', ')) end
end

tester:add(test):run()
