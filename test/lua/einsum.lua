-- torch.einsum against its definition: for each choice of all indices, one product is added to one element.
local tester = torch.Tester()
local test = torch.TestSuite()

local sizeOf = {i = 3, j = 4, k = 2, l = 5, m = 1}

-- A tensor for a term; odd ones are transposed in memory.
local function operand(term, type, strided)
  local sizes = {}
  for letter in term:gmatch('%a') do sizes[#sizes + 1] = sizeOf[letter] end
  local x = torch.Tensor(torch.LongStorage(sizes)):random(-5, 5):type(type)
  if strided and #sizes > 1 then x = x:transpose(1, #sizes):clone():transpose(1, #sizes) end
  return x
end

local function element(x, term, index)
  for letter in term:gmatch('%a') do x = x[index[letter]] end
  return x
end

-- The sums by their flat position in the result.
local function definition(terms, output, tensors)
  local letters = {}
  for letter in (table.concat(terms)):gmatch('%a') do
    if not letters[letter] then letters[letter], letters[#letters + 1] = true, letter end
  end
  local sums, index = {}, {}
  local function visit(d)
    if d > #letters then
      local product, position = 1, 0
      for i, term in ipairs(terms) do product = product * element(tensors[i], term, index) end
      for letter in output:gmatch('%a') do position = position * sizeOf[letter] + index[letter] - 1 end
      sums[position + 1] = (sums[position + 1] or 0) + product
      return
    end
    for i = 1, sizeOf[letters[d]] do
      index[letters[d]] = i
      visit(d + 1)
    end
  end
  visit(1)
  return sums
end

local equations = {
  'i->i', 'ij->ji', 'ij->i', 'ij->j', 'ij->', 'ii->i', 'ii->', 'iji->j', 'ijk->kj', 'mi->i', 'iii->i',
  'i,i->', 'i,j->ij', 'i,j->ji', 'i,i->i', 'ij,jk->ik', 'ij,jk->ki', 'ij,kj->ik', 'ij,ij->', 'ij,ij->ij', 'ij,j->i',
  'ij,k->ij', 'i,j->', 'ijk,ikl->ijl', 'ijk,ilk->ilj', 'ijk,kl->ijl', 'ij,jkl->kil', 'ii,ij->j', 'im,mj->ij',
  'ij,jk,kl->il', 'i,j,k->kji', 'ij,ik,il->jkl', 'ij,jk,kl->', 'ijk,j,k->i', 'ij,jk,ki->',
}

for _, equation in ipairs(equations) do
  test[equation] = function()
    local inputs, output = equation:match('^(.*)%->(.*)$')
    local terms = {}
    for term in inputs:gmatch('%a+') do terms[#terms + 1] = term end
    for _, type in ipairs {'torch.DoubleTensor', 'torch.FloatTensor', 'torch.LongTensor'} do
      for _, strided in ipairs {false, true} do
        local tensors, before = {}, {}
        for i, term in ipairs(terms) do
          tensors[i] = operand(term, type, strided)
          before[i] = tensors[i]:clone()
        end
        local sums = definition(terms, output, tensors)

        local result = torch.einsum(equation, unpack(tensors))

        if output == '' then
          tester:eq(result, sums[1], type)
        else
          tester:eq(torch.type(result), type)
          tester:eq(result:contiguous():view(-1):double(), torch.Tensor(sums), type)
          result:fill(99)  -- it has its own memory
        end
        tester:eq(tensors, before)
      end
    end
  end
end

function test.without_an_arrow_letters_that_occur_once_remain_in_alphabetical_order()
  local a, b = torch.randn(3, 4), torch.randn(4, 2)

  tester:eq(torch.einsum('ij,jk', a, b), torch.einsum('ij,jk->ik', a, b))
  tester:eq(torch.einsum('ba', a), a:t():clone())
  tester:eq(torch.einsum('ii', torch.eye(3)), 3)
end

function test.tensors_may_come_in_a_table_and_terms_with_spaces()
  local a, b = torch.randn(3, 4), torch.randn(4, 2)

  tester:eq(torch.einsum(' ij , jk -> ik ', {a, b}), torch.einsum('ij,jk->ik', a, b))
end

function test.errors_say_what_does_not_fit()
  local a = torch.zeros(3, 4)
  local function fails(fragment, ...)
    local ok, message = pcall(torch.einsum, ...)
    tester:assert(not ok and message:find(fragment, 1, true) ~= nil, tostring(message))
  end

  fails("argument 3: expected size 4 for 'j' of 'jk', got torch.DoubleTensor [3 x 4]", 'ij,jk->ik', a, a)
  fails("argument 2: expected size 3 for 'i' of 'ii', got torch.DoubleTensor [3 x 4]", 'ii', a)
  fails("argument 2: expected 3 dimensions for 'ijk', got torch.DoubleTensor [3 x 4]", 'ijk', a)
  fails("argument 2: expected 1 dimensions for 'i', got torch.DoubleTensor []", 'i', torch.Tensor())
  fails('argument 3: expected torch.DoubleTensor like argument 2, got torch.FloatTensor', 'ij,ij->', a, a:float())
  fails('argument 3: expected a tensor, got number', 'ij,ij->', a, 3)
  fails('expected 2 tensors for 2 terms, got 1', 'ij,jk->ik', a)
  fails('expected 1 tensors for 1 terms, got 0', 'ij')
  fails("'z' of the result 'iz' is in no term", 'ij->iz', a)
  fails("'i' occurs twice in the result 'ii'", 'ij->ii', a)
  fails("expected terms of letters such as 'ij,jk->ik', got '...ij'", '...ij', a)
  fails('argument 1: expected an equation, got torch.DoubleTensor', a)
  fails('argument 1: expected an equation, got nil')
  local line = debug.getinfo(1, 'l').currentline + 1
  local _, message = pcall(function() torch.einsum('i', a) end)
  tester:assert(message:find('einsum.lua:' .. line .. ': einsum: argument 2', 1, true) ~= nil, message)
end

function test.help_tells_how_to_call_it()
  local write, text = io.write, ''
  io.write = function(...) text = text .. table.concat({...}) end
  local ok = pcall(help, 'torch.einsum')
  io.write = write

  tester:assert(ok and text:find('torch.einsum  equation T...', 1, true) ~= nil, text)
end

tester:add(test):run()
