-- torch.einsum(equation, tensor...) or (equation, {tensor, ...}): sums of products by index, as NumPy's.
-- Each tensor has a term of letters, one for each dimension: 'ij,jk->ik'. Elements with equal letters have equal
-- indices; the result has the letters behind '->' and sums over all others. Without '->' it has, in the order of the
-- alphabet, the letters that occur once. A letter may occur twice in a term: 'ii->i' is the diagonal. A result without
-- letters is a number. Tensors are joined from left to right, each time by one batched matrix product.

-- Raises a message without a place, which the function below gives it: other errors have theirs.
local function fail(format, ...) error({'einsum: ' .. format:format(...)}) end

local function describe(x)
  return ('%s [%s]'):format(torch.type(x), table.concat(x:size():totable(), ' x '))
end

-- 'ij,jk->ik' as {'ij', 'jk'}, 'ik'.
local function parse(equation)
  local text = equation:gsub('%s', '')
  local inputs, output = text:match('^([%a,]*)%->(%a*)$')
  inputs = inputs or text:match('^[%a,]*$')
  if not inputs then fail("argument 1: expected terms of letters such as 'ij,jk->ik', got '%s'", equation) end
  local terms = {}
  for term in (inputs .. ','):gmatch('(%a*),') do terms[#terms + 1] = term end
  if not output then
    local once = {}
    for letter in inputs:gmatch('%a') do
      if select(2, inputs:gsub(letter, '')) == 1 then once[#once + 1] = letter end
    end
    table.sort(once)
    output = table.concat(once)
  end
  for at, letter in output:gmatch('()(%a)') do
    if output:find(letter, at + 1, true) then
      fail("argument 1: '%s' occurs twice in the result '%s'", letter, output)
    end
    if not inputs:find(letter, 1, true) then
      fail("argument 1: '%s' of the result '%s' is in no term", letter, output)
    end
  end
  return terms, output
end

-- Checks the tensors against their terms; returns the size of each letter.
local function sizesOf(terms, tensors)
  if #terms ~= #tensors then fail('expected %d tensors for %d terms, got %d', #terms, #terms, #tensors) end
  local sizes = {}
  for i, x in ipairs(tensors) do
    if not torch.isTensor(x) then fail('argument %d: expected a tensor, got %s', i + 1, torch.type(x)) end
    if torch.type(x) ~= torch.type(tensors[1]) then
      fail('argument %d: expected %s like argument 2, got %s', i + 1, torch.type(tensors[1]), torch.type(x))
    end
    if x:dim() ~= #terms[i] or x:dim() == 0 then
      fail("argument %d: expected %d dimensions for '%s', got %s", i + 1, #terms[i], terms[i], describe(x))
    end
    for d, letter in terms[i]:gmatch('()(%a)') do
      local size = sizes[letter] or x:size(d)
      if size ~= x:size(d) then
        fail("argument %d: expected size %d for '%s' of '%s', got %s", i + 1, size, letter, terms[i], describe(x))
      end
      sizes[letter] = size
    end
  end
  return sizes
end

-- A factor is a tensor and its term, in which each letter occurs once.

-- The view in which dimensions with one letter became the diagonal.
local function diagonal(x, term)
  local letters, sizes, strides, at = {}, {}, {}, {}
  for d, letter in term:gmatch('()(%a)') do
    local i = at[letter]
    if i then
      strides[i] = strides[i] + x:stride(d)
    else
      i = #letters + 1
      at[letter], letters[i], sizes[i], strides[i] = i, letter, x:size(d), x:stride(d)
    end
  end
  local view = x.new(x:storage(), x:storageOffset(), torch.LongStorage(sizes), torch.LongStorage(strides))
  return {x = view, term = table.concat(letters)}
end

-- The letters of `term` that are in `others`, or that are not.
local function common(term, others)
  return (term:gsub('%a', function(letter) return others:find(letter, 1, true) and letter or '' end))
end
local function without(term, others)
  return (term:gsub('%a', function(letter) return others:find(letter, 1, true) and '' or letter end))
end

-- The factor's tensor with its dimensions in the order of the groups of letters, each group one dimension.
local function grouped(factor, sizes, ...)
  local order, shape = {}, {}
  for i = 1, select('#', ...) do
    local product = 1
    for letter in (select(i, ...)):gmatch('%a') do
      order[#order + 1] = factor.term:find(letter, 1, true)
      product = product * sizes[letter]
    end
    shape[i] = product
  end
  local x = #order > 0 and factor.x:permute(unpack(order)) or factor.x
  return x:contiguous():view(unpack(shape))
end

-- A tensor with the elements of a term as a factor; one element without letters.
local function factorOf(x, term, sizes)
  local shape = {}
  for letter in term:gmatch('%a') do shape[#shape + 1] = sizes[letter] end
  return {x = x:view(unpack(#shape > 0 and shape or {1})), term = term}
end

-- Sums over the letters that are not in `keep`.
local function reduced(factor, keep, sizes)
  local kept, summed = common(factor.term, keep), without(factor.term, keep)
  if summed == '' then return factor end
  return factorOf(grouped(factor, sizes, kept, summed):sum(2), kept, sizes)
end

-- The product of two factors, summed over the letters that are not in `keep`.
local function product(a, b, keep, sizes)
  a, b = reduced(a, keep .. b.term, sizes), reduced(b, keep .. a.term, sizes)
  local shared = common(a.term, b.term)
  local batch, summed = common(shared, keep), without(shared, keep)
  local rows, columns = without(a.term, shared), without(b.term, shared)
  local x = torch.bmm(grouped(a, sizes, batch, rows, summed), grouped(b, sizes, batch, summed, columns))
  return factorOf(x, batch .. rows .. columns, sizes)
end

local function evaluate(equation, tensors)
  local terms, output = parse(equation)
  local sizes = sizesOf(terms, tensors)
  local result = diagonal(tensors[1], terms[1])
  for i = 2, #tensors do
    local keep = output .. table.concat(terms, '', i + 1)
    result = product(result, diagonal(tensors[i], terms[i]), keep, sizes)
  end
  result = reduced(result, output, sizes)
  if output == '' then return result.x:sum() end
  local order = {}
  for letter in output:gmatch('%a') do order[#order + 1] = result.term:find(letter, 1, true) end
  local x = result.x:permute(unpack(order))
  return #tensors == 1 and x:clone() or x:contiguous()
end

return function(equation, first, ...)
  if type(equation) ~= 'string' then
    error('einsum: argument 1: expected an equation, got ' .. torch.type(equation), 2)
  end
  local tensors = type(first) == 'table' and first or {first, ...}
  local ok, result = pcall(evaluate, equation, tensors)
  if not ok then error(type(result) == 'table' and result[1] or result, type(result) == 'table' and 2 or 0) end
  return result
end
