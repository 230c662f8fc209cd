-- Linear algebra as scripts call it: functions only, results all given or all omitted, option letters.
local tester = torch.Tester()
local test = torch.TestSuite()

local names = {
  'gesv', 'gels', 'trtrs', 'symeig', 'eig', 'svd', 'inverse', 'potrf', 'potrs', 'potri', 'pstrf', 'qr', 'geqrf',
  'orgqr', 'ormqr',
}
local A = torch.Tensor {{4, 1, 0}, {1, 3, 1}, {0, 1, 2}}
local B = torch.Tensor {{1, 2}, {3, 4}, {5, 6}}
local factor = torch.potrf(A)
local packed, tau = torch.geqrf(A)

-- What each function takes, how many results it has, and option letters that it accepts.
local calls = {
  gesv = {{B, A}, 2, {}}, gels = {{B, A}, 2, {}}, trtrs = {{B, A}, 2, {'Lower', 'Transposed', 'Unit'}},
  symeig = {{A}, 2, {'Vectors', 'Lower'}}, eig = {{A}, 2, {'Vectors'}}, svd = {{A}, 3, {'All'}},
  inverse = {{A}, 1, {}}, potrf = {{A}, 1, {'Lower'}}, potrs = {{B, factor}, 1, {'Lower'}},
  potri = {{factor}, 1, {'Lower'}}, pstrf = {{A}, 2, {'Lower', 1e-9}}, qr = {{A}, 2, {}}, geqrf = {{A}, 2, {}},
  orgqr = {{packed, tau}, 1, {}}, ormqr = {{packed, tau, A}, 1, {'Right', 'Transposed'}},
}

local function joined(...)
  local list = {}
  for _, part in ipairs {...} do
    for _, value in ipairs(part) do list[#list + 1] = value end
  end
  return list
end

function test.results_given_are_returned_and_equal_fresh_ones()
  for _, name in ipairs(names) do
    local inputs, count, letters = unpack(calls[name])
    for given = 0, #letters do
      local options = {unpack(letters, 1, given)}
      local fresh = {torch[name](unpack(joined(inputs, options)))}
      tester:eq(#fresh, count, name)
      local results = {}
      for i = 1, count do results[i] = fresh[i].new(2, 2):fill(7) end
      local returned = {torch[name](unpack(joined(results, inputs, options)))}
      tester:eq(#returned, count, name)
      for i = 1, count do
        tester:assert(rawequal(returned[i], results[i]), name .. ' returns result ' .. i)
        if not (name == 'symeig' and i == 2 and given == 0) then tester:eq(results[i], fresh[i], name) end
      end
    end
  end
end

function test.some_results_alone_are_an_error()
  for _, name in ipairs {'gesv', 'gels', 'trtrs'} do
    tester:assertErrorPattern(function() torch[name](torch.Tensor(), B, A) end, 'invalid arguments', name)
  end
  for _, name in ipairs {'symeig', 'eig', 'qr', 'geqrf'} do
    tester:assertErrorPattern(function() torch[name](torch.Tensor(), A) end, 'invalid arguments', name)
  end
  tester:assertErrorPattern(function() torch.svd(torch.Tensor(), torch.Tensor(), A) end,
                            'expected arguments: %[%*DoubleTensor%* %*DoubleTensor%* %*DoubleTensor%*%] '
                            .. 'DoubleTensor %[%(A|S%)%]')
end

function test.inputs_stay()
  for _, name in ipairs(names) do
    local inputs, _, letters = unpack(calls[name])
    local copies = {}
    for i, x in ipairs(inputs) do copies[i] = x:clone() end
    torch[name](unpack(joined(inputs, letters)))
    for i, x in ipairs(inputs) do tester:eq(x, copies[i], name) end
  end
end

function test.results_are_column_major()
  local x = torch.gesv(B, A)
  tester:eq(x:stride():totable(), {1, 3})
  tester:assertErrorPattern(function() x:view(6) end, 'expecting a contiguous tensor')
  tester:eq(x:contiguous():view(6):size(1), 6)
end

function test.results_may_be_the_inputs()
  local b, a = B:clone(), A:clone()
  local x, lu = torch.gesv(b, a, b, a)
  tester:assert(rawequal(x, b) and rawequal(lu, a))
  tester:assertTensorEq(A * b, B, 1e-12)
  a = A:clone()
  tester:assertTensorEq(torch.inverse(a, a) * A, torch.eye(3), 1e-12)
  a = A:clone()
  torch.potrf(a, a, 'L')
  tester:assertTensorEq(a * a:t(), A, 1e-12)
end

function test.floats_give_floats_and_the_type_may_be_named()
  local e, v = torch.symeig(A:float(), 'V')
  tester:eq(torch.type(e), 'torch.FloatTensor')
  tester:assertTensorEq(A:float() * v, v * torch.diag(e), 1e-5)
  local _, pivots = torch.pstrf(A:float())
  tester:eq(torch.type(pivots), 'torch.IntTensor')
  tester:assertTensorEq(torch.FloatTensor.torch.inverse(A:float()), torch.inverse(A):float(), 1e-6)
end

function test.they_are_functions_only()
  for _, name in ipairs(names) do
    tester:assert(A[name] == nil, name)
    tester:assertErrorPattern(function() torch[name](torch.IntTensor(2, 2):fill(1)) end,
                              'torch.IntTensor does not implement the torch.' .. name .. '%(%) function')
  end
end

function test.wrong_letters_are_an_error()
  tester:assertErrorPattern(function() torch.svd(A, 'X') end, 'invalid arguments')
  tester:assertErrorPattern(function() torch.symeig(A, 'vectors') end, 'invalid arguments')
  tester:assertErrorPattern(function() torch.potrf(A, true) end, 'invalid arguments')
end

function test.errors_that_scripts_look_for()
  local singular = torch.ones(3, 3)
  tester:assertErrorPattern(function() torch.gesv(B, singular) end,
                            'Lapack Error in gesv : U%(2,2%) is zero, singular U%.')
  tester:assertErrorPattern(function() torch.inverse(singular) end,
                            'Lapack Error getrf : U%(2,2%) is 0, U is singular')
  tester:assertErrorPattern(function() torch.potrf(-A) end, 'the leading minor of order 1 is not positive definite')
  tester:assertErrorPattern(function() torch.gesv(B, B) end, 'A should be square')
  tester:assertErrorPattern(function() torch.gesv(B, torch.eye(4)) end, 'A,B size incompatible')
  tester:assertErrorPattern(function() torch.svd(torch.Tensor()) end, 'A should be 2 dimensional')
  tester:assertErrorPattern(function() torch.inverse(torch.Tensor()) end, 'A should be 2 dimensional')
end

tester:add(test):run()
