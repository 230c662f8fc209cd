-- torch.where as scripts call it: the type of the result is that of x and y, not the condition's.
local tester = torch.Tester()
local test = torch.TestSuite()

local condition = torch.ByteTensor {1, 0, 1}
local x, y = torch.FloatTensor {1, 2, 3}, torch.FloatTensor {7, 8, 9}

function test.tensors_and_numbers()
  tester:eq(torch.where(condition, x, y), torch.FloatTensor {1, 8, 3})
  tester:eq(torch.where(condition, x, 0.5), torch.FloatTensor {1, 0.5, 3})
  tester:eq(torch.where(condition, 0.5, y), torch.FloatTensor {0.5, 8, 0.5})
  tester:eq(torch.where(condition, 2, 0.5), torch.Tensor {2, 0.5, 2})
  tester:eq(torch.where(condition, condition, 9), torch.ByteTensor {1, 9, 1})
  tester:eq(torch.FloatTensor.torch.where(condition, 2, 0.5), torch.FloatTensor {2, 0.5, 2})
end

function test.a_result_is_written_and_returned()
  local result = torch.FloatTensor()

  tester:assert(torch.where(result, condition, 1, y) == result)
  tester:eq(result, torch.FloatTensor {1, 8, 1})
  torch.where(result, condition, 1, 2)
  tester:eq(result, torch.FloatTensor {1, 2, 1})
end

function test.sizes_broadcast()
  tester:eq(torch.where(condition:view(3, 1), x, y), torch.FloatTensor {{1, 2, 3}, {7, 8, 9}, {1, 2, 3}})
end

function test.comparisons_make_conditions()
  local z = torch.Tensor {-1, 0, 2}

  tester:eq(torch.where(torch.gt(z, 0), z, 0), torch.Tensor {0, 0, 2})
end

function test.errors_name_the_types()
  local function fails(f, fragment)
    local ok, message = pcall(f)
    tester:assert(not ok and message:find(fragment, 1, true) ~= nil, tostring(message))
  end

  fails(function() torch.where(condition, x, y:double()) end, '[*FloatTensor*] ByteTensor FloatTensor FloatTensor')
  fails(function() torch.where(x, x, y) end, 'invalid arguments: FloatTensor FloatTensor FloatTensor')
  fails(function() torch.where(condition, x) end, 'invalid arguments: ByteTensor FloatTensor')
  fails(function() torch.where() end, 'no arguments provided')
  fails(function() torch.where(condition, x, torch.FloatTensor(2)) end, 'inconsistent tensor size')
end

tester:add(test):run()
