-- Wrong calls of every operation: an error that names the operation, what was expected and what came; all arguments
-- stay as they were. And the reasons that scripts look for (torch.md 2.4 and the sections of the operations).
local ops = paths.dofile('harness.lua')

local tester = torch.Tester()
local tests = torch.TestSuite()

-- Calls f(op, overload, type, spec, arguments) for each overload, with arguments it takes; a byte, an integer and a
-- floating type stand for the others.
local function each(seed, f)
  local random = ops.random(seed)
  for _, op in ipairs(ops.table()) do
    for _, overload in ipairs(op.overloads) do
      for _, type in ipairs(overload.types) do
        local sets = (type == 'Byte' or type == 'Int' or type == 'Float') and ops.combinations(overload) or {}
        for k = 1, math.min(#sets, 2) do  -- without the optional parameters, and with all
          local spec = ops.find(op, overload, type, sets[k], random)
          if spec then
            f(op, overload, type, spec, function() return ops.build(spec, function() return ops.gaps end, random) end)
          end
        end
      end
    end
  end
end

-- The call fails, says `wanted` and names the operation; arguments keep their elements.
local function fails(op, overload, type, spec, arguments, what, wanted, mayPass)
  local before = {}
  for i = 1, arguments.n do before[i] = torch.isTensor(arguments[i]) and arguments[i]:clone() end
  local ok, message = ops.call(op, overload, type, arguments)
  local name = ops.describe(op, overload, type) .. ', ' .. what
  if ok and mayPass then return end
  tester:assert(not ok, name .. ': no error')
  if ok then return end
  tester:assert(message:find(op.name .. ':', 1, true) == 1 or message:match('\nin [^\n]*$') == '\nin ' ..
                  (overload.form == 'method' and 'x:' or 'torch.') .. op.name, name .. ': ' .. message)
  for _, word in ipairs(wanted) do tester:assert(message:find(word, 1, true) ~= nil, name .. ': ' .. message) end
  for i = 1, arguments.n do
    local text = before[i] and ops.difference(arguments[i], before[i])
    tester:assert(not text, ('%s: argument %d changed: %s'):format(name, i, tostring(text)))
  end
  return message
end

local kNoMatch = {'invalid arguments: ', '\nexpected arguments: '}

function tests.wrong_count()
  each(1, function(op, overload, type, spec, build)
    local arguments = build()
    for _ = 1, 2 do
      arguments.n = arguments.n + 1
      arguments[arguments.n] = {}
    end
    local message = fails(op, overload, type, spec, arguments, 'too many', kNoMatch)
    tester:assert(message and message:find('^invalid arguments: ') ~= nil, tostring(message))
    for i = 1, 20 do arguments[arguments.n + i] = 1 end
    arguments.n = arguments.n + 20
    fails(op, overload, type, spec, arguments, 'far too many', kNoMatch)
  end)
end

function tests.nil_counts()
  each(2, function(op, overload, type, spec, build)
    for i = 1, #spec do
      local arguments = build()
      arguments[i] = nil
      fails(op, overload, type, spec, arguments, 'nil for argument ' .. i, {'nil'})
    end
  end)
end

function tests.wrong_kind()
  each(3, function(op, overload, type, spec, build)
    for i, s in ipairs(spec) do
      for _, wrong in ipairs {'oops', {1}, torch.ShortTensor {1, 2}, torch.LongStorage(), print, io.stdout} do
        local arguments = build()
        arguments[i] = wrong
        local fits = s.seed == nil and not s.sizes and not s.count and (wrong == 'oops' or torch.isStorage(wrong))
        if not (fits and (s.parameter.kind == 'letter' or s.parameter.kind == 'size...')) then
          fails(op, overload, type, spec, arguments, ('argument %d is %s'):format(i, torch.type(wrong)), {})
        end
      end
    end
  end)
end

function tests.wrong_sizes()
  each(4, function(op, overload, type, spec, build)
    for i, s in ipairs(spec) do
      for _, sizes in ipairs(s.sizes and {{11}, {2, 9}, {2, 2, 2, 2, 2}, {}} or {}) do
        local arguments = build()
        arguments[i] = ops.tensor(s.type, sizes, 'any', ops.layouts[1], ops.random(i))
        fails(op, overload, type, spec, arguments, ('argument %d of sizes %s'):format(i, table.concat(sizes, 'x')), {},
              true)
      end
    end
  end)
end

function tests.wrong_numbers()
  each(5, function(op, overload, type, spec, build)
    for i, s in ipairs(spec) do
      local kind = s.parameter.kind
      local last = s.parameter.default == '-1'  -- cat: -1 is the last dimension, and more dimensions may be asked for
      local wrong = kind == 'dim' and {0, -1, 7, 1e10, -1e18, 0 / 0} or kind == 'int' and {-1, 0 / 0, -1e18} or {}
      for _, v in ipairs(wrong) do
        local arguments = build()
        arguments[i] = v
        fails(op, overload, type, spec, arguments, ('argument %d is %g'):format(i, v), {},
              kind ~= 'dim' or last and (v == -1 or v == 7))
      end
    end
  end)
end

function tests.calls_of_nothing_fail()
  for _, op in ipairs(ops.table()) do
    if torch[op.name] then
      for _, arguments in ipairs {{n = 1}, {{}, n = 1}, {torch.Generator(), {}, n = 2}, {'torch.NoTensor', n = 1}} do
        local ok, message = pcall(torch[op.name], unpack(arguments, 1, arguments.n))
        tester:assert(not ok and message:find(op.name, 1, true) ~= nil, op.name .. ': ' .. tostring(message))
      end
    end
  end
end

-- Each call fails for the reason.
local kReasons = {
  {'torch.add(1, 2)', 'invalid arguments: number number \nexpected arguments: ' ..
    '[*DoubleTensor*] DoubleTensor double | [*DoubleTensor*] DoubleTensor [double] DoubleTensor'},
  {'torch.add()', 'invalid arguments: no arguments provided'},
  {'torch.Tensor(2):add(torch.Tensor(3))', 'inconsistent tensor size'},
  {'torch.Tensor(2):copy(torch.Tensor(3))', 'inconsistent tensor size'},
  {'torch.Tensor(2):cmul(torch.Tensor())', 'inconsistent tensor size'},
  {'torch.lt(torch.Tensor(2, 3), torch.Tensor(5))', 'inconsistent tensor size'},
  {'torch.dot(torch.Tensor(2), torch.Tensor(3))', 'inconsistent tensor size'},
  {'torch.reshape(torch.Tensor(4), 3)', 'inconsistent tensor size'},
  {'torch.lerp(torch.Tensor(2), torch.Tensor(3), 1)', 'sizes do not match'},
  {'torch.mm(torch.Tensor(2, 2), torch.Tensor(3, 2))', 'size mismatch, m1: [2 x 2], m2: [3 x 2]'},
  {'torch.mv(torch.Tensor(2, 2), torch.Tensor(3))', 'size mismatch'},
  {'torch.bmm(torch.Tensor(2, 2, 2), torch.Tensor(3, 2, 2))', 'equal number of batches expected'},
  {'torch.bmm(torch.Tensor(2, 2, 2), torch.Tensor(2, 3, 2))', 'wrong matrix size'},
  {'torch.mm(torch.Tensor(2), torch.Tensor(2))', 'DoubleTensor~2D'},
  {'torch.Tensor(2, 3) * torch.Tensor(2, 3)', 'size mismatch'},
  {'torch.Tensor(2, 3):sum(3)', 'dimension 3 out of range'},
  {'torch.Tensor(2, 3):sum(0)', 'out of range'},
  {'torch.Tensor(2, 3):max(-1)', 'invalid dimension'},
  {'torch.Tensor():sum(1)', 'dimension 1 out of range'},
  {'torch.Tensor():max()', 'tensor must have one dimension'},
  {'torch.Tensor():mean()', 'empty Tensor'},
  {'torch.ByteTensor():all()', 'empty Tensor'},
  {'torch.trace(torch.Tensor(2))', 'expected a matrix'},
  {'torch.Tensor(3):size(2)', 'dimension 2 out of range of 1D tensor'},
  {'torch.Tensor(3):narrow(1, 2, 3)', 'out of range'},
  {'torch.Tensor(3):sub(3, 2)', 'end smaller than beginning: 3 to 2 in dimension 1 of torch.DoubleTensor [3]'},
  {'torch.Tensor(3):sub(-2, 5)', 'out of range: -2 to 5 in dimension 1 of torch.DoubleTensor [3]'},
  {'torch.Tensor(3):unfold(1, 4, 1)', 'out of range'},
  {'torch.Tensor(3):unfold(1, 2, 0)', 'invalid step'},
  {'torch.Tensor(3):t()', 'Tensor must have 2 dimensions'},
  {'torch.Tensor(2, 3):t():view(6)', 'expecting a contiguous tensor'},
  {'torch.Tensor(4):view(3, 2)', 'Wrong size for view. Input size: 4. Output size: 3x2'},
  {'torch.Tensor(4):view(-1, -1)', 'Only one of torch.view dimensions can be -1.'},
  {'torch.Tensor(4):view(3, -1)', 'The number of covered elements is not a multiple of all elements.'},
  {'torch.Tensor(2):expand(3)', 'incorrect size: only supporting singleton expansion (size=1)'},
  {'torch.Tensor(2):expand(3, 2)', 'the number of dimensions provided must equal tensor:dim()'},
  {'torch.Tensor(2, 2):permute(1, 1)', 'Invalid permutation 1, 1 of the dimensions of torch.DoubleTensor [2 x 2]'},
  {'torch.Tensor(2, 2):permute(2)', 'Invalid permutation 2 of the dimensions of torch.DoubleTensor [2 x 2]'},
  {'torch.Tensor(2, 2):repeatTensor(2)', 'Number of dimensions of repeat dims can not be smaller'},
  {'return torch.Tensor(3)[4]', 'out of range'},
  {'return torch.Tensor()[1]', 'empty tensor'},
  {'return torch.Tensor(2, 2)[{1, 2, 1}]', 'too many indices provided'},
  {'return torch.Tensor(2, 2)[{{3}}]', 'start index out of bound'},
  {'return torch.Tensor(2, 2)[{{1, 3}}]', 'end index out of bound'},
  {'return torch.Tensor(2, 2)[{{2, 1}}]', 'end index must be greater or equal to start index'},
  {'return torch.Tensor(2, 2)[{3, 1}]', 'index out of bound'},
  {'return torch.Tensor(2, 2)[torch.LongStorage{1}]', 'invalid size'},
  {'torch.Tensor(2).name = 1', 'the class torch.DoubleTensor cannot be indexed'},
  {'torch.Tensor(2)[1] = {}', 'torch.*Tensor expected, got table'},
  {'torch.Tensor(2):index(1, torch.LongTensor(2, 2))', 'Index is supposed to be a vector'},
  {'torch.Tensor(2):index(2, torch.LongTensor{1})', 'Indexing dim 2 is out of bounds of tensor'},
  {'torch.Tensor(2):index(1, torch.LongTensor{3})', 'index out of range'},
  {'torch.gather(torch.Tensor(2), 1, torch.LongTensor{3})', 'Invalid index in gather'},
  {'torch.Tensor(2):scatter(1, torch.LongTensor{3}, 1)', 'Invalid index in scatter'},
  {'torch.Tensor(2):maskedFill(torch.ByteTensor{0, 2}, 1)', 'Mask tensor can take 0 and 1 values only'},
  {'torch.Tensor(2):maskedCopy(torch.ByteTensor{1, 1}, torch.Tensor(1))',
    'Number of elements of src < number of ones in mask'},
  {'torch.eye(0)', 'invalid argument'},
  {'torch.range(1, 2, 0)', 'step must be a non-null number'},
  {'torch.range(2, 1)', 'upper bound and larger bound incoherent with step sign'},
  {'torch.linspace(1, 2, 1)', 'invalid number of points'},
  {'torch.randperm(0)', 'must be strictly positive'},
  {'torch.topk(torch.Tensor(2), 3)', 'k not in range for dimension'},
  {'torch.topk(torch.Tensor(2), 1, 2)', 'dim not in range'}, {'torch.topk(torch.Tensor(2), 1, 0)', 'dim not in range'},
  {'torch.kthvalue(torch.Tensor(2), 3)', 'selected index out of range'},
  {'torch.cat(torch.Tensor(2, 2), torch.Tensor(3, 3))', 'inconsistent tensor sizes'},
  {'torch.cat({torch.Tensor(2), torch.FloatTensor(2)})', 'expected DoubleTensor in tensor array'},
  {'torch.addbmm(torch.Tensor(3, 2), torch.Tensor(2, 2, 2), torch.Tensor(2, 2, 2))', 'output tensor of incorrect size'},
  {'torch.baddbmm(torch.Tensor(2, 3, 2), torch.Tensor(2, 2, 2), torch.Tensor(2, 2, 2))',
    'output tensor of incorrect size'},
  {'torch.cat({})', 'invalid arguments'},
  {'torch.svd(torch.Tensor(2, 2), 1)', 'invalid arguments: DoubleTensor number '},
  {'torch.diag(torch.Tensor(2, 2, 2))', 'matrix or a vector expected'},
  {'torch.cross(torch.Tensor(2), torch.Tensor(2))', 'no dimension of size 3'},
  {'torch.cross(torch.Tensor(3, 2), torch.Tensor(3, 2), 2)', 'dimension 2 does not have size 3'},
  {'torch.cross(torch.Tensor(3), torch.Tensor(4))', 'inconsistent tensor dimension'},
  {'torch.setRNGState(torch.ByteTensor(3))', 'RNG state is wrong size'},
  {'torch.IntTensor{1}:div(0)', 'division by zero'},
  {'torch.FloatTensor(2):add(torch.DoubleTensor(2))', 'FloatTensor DoubleTensor'},
  {'torch.exp(torch.IntTensor(2))', 'torch.IntTensor does not implement the torch.exp() function'},
  {'torch.ByteTensor(2):abs()', "attempt to call method 'abs' (a nil value)"},
  {'return torch.LongStorage(2)[3]', 'out of bounds'},
  {'torch.Storage(torch.Storage(2)):resize(5)', 'Trying to resize storage that is not resizable'},
  {'torch.Tensor{{1, 2}, {3}}', 'invalid tensor sizes'},
  {'torch.Tensor{{1}, 2}', 'invalid tensor definition'},
  {'torch.Tensor{{"x"}}', 'invalid element (not a number)'},
  {'return torch.Tensor(2) .. "x"', 'concat'},
  {'return torch.Tensor(2) ^ 2', 'power'},
}

function tests.reasons_that_scripts_look_for()
  for _, case in ipairs(kReasons) do
    local chunk = loadstring(case[1]) or loadstring('return ' .. case[1])
    local ok, message = pcall(chunk)
    tester:assert(not ok and message:find(case[2], 1, true) ~= nil,
                  ('%s: %s, not %s'):format(case[1], tostring(message), case[2]))
  end
end

tester:add(tests)
tester:run()
