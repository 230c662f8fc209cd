-- conv2, conv3, xcorr2 and xcorr3 as scripts call them (contract: torch.md, section 25). The sums themselves are tested
-- in C++; here are the calls, their errors, and the project's reference results.
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
  fails(function() torch.conv2(x2:half(), k2:half()) end, 'HalfTensor does not implement the torch.conv2()')
end

-- The reference results are JSON and HDF5.
local folder = os.getenv 'CRESSET_SHARED_DATA'
local hasJson, json = pcall(require, 'cjson')
local hasHdf5, hdf5 = pcall(require, 'hdf5')
if folder and hasJson and hasHdf5 then
  local file = assert(io.open(folder .. '/oracles/tensor_ops.json'))
  local cases = json.decode(file:read('*all'))
  file:close()
  local data = hdf5.open(folder .. '/oracles/tensor_ops.h5', 'r')
  for name, case in pairs(cases) do
    if name:match('^conv') or name:match('^xcorr') then
      test['reference_' .. name] = function()
        local function read(key) return data:read('/' .. name .. '/' .. key):all() end
        local call = assert(loadstring('local torch, x, k = ... return ' .. case.lua.expression))

        local result = call(torch, read 'x', read 'k')

        tester:assertTensorEq(result, read 'res', case.tolerance)
      end
    end
  end
else
  print('skipped: the reference results need CRESSET_SHARED_DATA and the packages cjson and hdf5')
end

tester:add(test):run()
