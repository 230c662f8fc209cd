-- conv2, conv3, xcorr2 and xcorr3 as scripts call them (contract: torch.md, section 25). The sums themselves are tested
-- in C++; here are the calls and their errors.
local tester = torch.Tester()
local test = torch.TestSuite()

local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local x2, k2 = torch.range(1, 12):resize(3, 4), torch.Tensor {{1, 2}, {0, -1}}
local valid = torch.Tensor {{15, 17, 19}, {23, 25, 27}}  -- conv2(x2, k2)[i][j] = x[i+1][j+1] + 2 x[i+1][j] - x[i][j]

function test.functions_and_methods_on_every_type()
  for _, name in ipairs(types) do
    local type = 'torch.' .. name .. 'Tensor'
    local x, k = x2:type(type), torch.Tensor {{1, 2}, {0, 1}}:type(type)
    local expected = torch.conv2(x:double(), k:double()):type(type)
    local result = x.new()

    tester:eq(torch.conv2(x, k), expected, type)
    tester:assert(torch.conv2(result, x, k) == result, type)
    tester:eq(result, expected, type)
    tester:eq(x:conv2(k, 'V'), expected, type)
    tester:assert(result:zero():conv2(x, k) == result, type)
    tester:eq(result, expected, type)
    tester:eq(torch[name .. 'Tensor'].torch.conv2(x, k), expected, type)
  end
end

function test.extents_are_told_by_their_first_letter()
  local full = torch.conv2(x2, k2, 'F')

  tester:eq(torch.conv2(x2, k2), valid)
  tester:eq(torch.conv2(x2, k2, 'Valid'), valid)
  tester:eq(torch.conv2(x2, k2, 'Full'), full)
  tester:eq(full:size():totable(), {4, 5})
  tester:eq(full:narrow(1, 2, 2):narrow(2, 2, 3), valid)
end

function test.conv_flips_the_kernel_and_xcorr_does_not()
  local flipped = torch.Tensor {{-1, 0}, {2, 1}}

  for _, extent in ipairs {'V', 'F'} do
    tester:eq(torch.conv2(x2, k2, extent), torch.xcorr2(x2, flipped, extent))
    tester:eq(torch.conv3(x2:view(1, 3, 4), k2:view(1, 2, 2), extent),
              torch.xcorr3(x2:view(1, 3, 4), flipped:view(1, 2, 2), extent))
  end
end

local function fails(f, fragment)
  local ok, message = pcall(f)
  tester:assert(not ok)
  tester:assert(tostring(message):find(fragment, 1, true) ~= nil, fragment .. ' is not in: ' .. tostring(message))
end

function test.errors_say_what_does_not_fit()
  local x3, x4 = torch.zeros(2, 5, 5), torch.zeros(2, 5, 5, 5)

  fails(function() torch.conv2(x3, torch.zeros(3, 2, 2)) end, 'invalid number of input/kernel planes')
  fails(function() torch.conv2(x3, torch.zeros(3, 3, 2, 2)) end, 'invalid number of input planes')
  fails(function() torch.conv3(x4, torch.zeros(3, 2, 2, 2)) end, 'invalid number of input/kernel planes')
  fails(function() torch.xcorr3(x4, torch.zeros(3, 3, 2, 2, 2)) end, 'invalid number of input planes')
  fails(function() torch.xcorr2(torch.zeros(2, 2), torch.zeros(3, 3)) end, 'Input image is smaller than kernel')
  fails(function() torch.conv2(torch.zeros(5), torch.zeros(2)) end, 'invalid arguments: DoubleTensor DoubleTensor')
  fails(function() torch.conv2(x2, x3) end, '[*DoubleTensor*] DoubleTensor~3D DoubleTensor~4D [(V|F)]')
  fails(function() torch.conv2(x2, k2, 'S') end, 'invalid arguments')
  fails(function() torch.conv2(x2, k2:float()) end, 'invalid arguments')
end

function test.half_computes_in_float()
  local x, k = torch.rand(6, 7):half(), torch.rand(2, 3):half()
  tester:assertTensorEq(torch.conv2(x, k), torch.conv2(x:float(), k:float()):half())
end

tester:add(test):run()
