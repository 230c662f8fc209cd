-- Writes the reference of the operations, doc/torch/*.md, from their table: `th doc/generate.lua [folder]`.
-- Signatures, types and help are the table's (`th --ops-json`), examples are those of cresset.snippets with what they
-- print. A page is a family of operations; its text below says what its operations have in common.
local here = paths.thisfile():match '^(.*)/' or '.'
local ops = dofile(here .. '/../test/lua/ops/harness.lua')  -- it reads the table
local snippets = require 'cresset.snippets'
local folder = arg[1] or here .. '/torch'

local pages = {
  Pointwise = {'Element by element', [[
Operands pair up by their position in row-major order: their numbers of elements must agree, their shapes need not; the
result has the sizes of the first operand. An operand with dimensions of size 1, or fewer dimensions, is broadcast.
The result may be any of the operands. Methods change their tensor: `x:exp()` is in place, `torch.exp(x)` is not.
Integer types truncate numbers first, and wrap.

Errors: `inconsistent tensor size`; `integer division by zero`; `sizes do not match` (lerp).]]},
  Fill = {'Filling and counting', 'Any shape. An empty tensor is left as it is.'},
  Reduce = {'Reductions', [[
Without a dimension the result is a number over all elements. With one the result is a tensor in which that dimension
has size 1; cumulative functions keep all sizes. `max` and `min` also give the positions, counted from 1, in a
LongTensor. The first NaN is both the largest and the smallest element.

Errors: `dimension d out of range`; of an empty tensor `tensor must have one dimension` (max, min) and `empty Tensor`
(mean, var, std, all, any).]]},
  Blas = {'Products', [[
`~1D`, `~2D` and `~3D` are vectors, matrices and batches of matrices, a batch's first dimension being its number. In
the method form a single number before the factors is alpha, two are beta and alpha. With beta 0 the old content is
not read.

Errors: `size mismatch, m1: [2 x 2], m2: [3 x 2]`; `equal number of batches expected`; `wrong matrix size`; other
numbers of dimensions are wrong arguments.]]},
  Creation = {'Creation', [[
The type is that of the result if it is given, that of a type name behind the arguments as in
`torch.zeros(2, 'torch.IntTensor')`, or the default type. A given result is resized.

Errors: `invalid argument` (eye); `step must be a non-null number` and `upper bound and larger bound incoherent with
step sign` (range); `invalid number of points` (linspace, logspace); `inconsistent tensor size` (reshape).]]},
  Random = {'Random numbers', [[
Without a tensor the result is one number; with one it is filled in row-major order. `gen` is a `torch.Generator`;
without it the global generator draws, which `torch.manualSeed` seeds.

Errors: `must be strictly positive` (randperm), and parameters outside of a distribution's range.]]},
  Multinomial = {'Draws of categories', [[
Probabilities are a vector, or a matrix with a distribution in each row; they need not sum to 1. Categories count from
1. `torch.multinomialAliasSetup` and `torch.multinomialAlias` call those with the underscore.]]},
  Index = {'Positions along a dimension', [[
Positions are a LongTensor, counted from 1: a vector for `index` and its kin, a tensor with the sizes of the source but
along the dimension for `gather` and `scatter`.

Errors: `index out of range`; `Indexing dim d is out of bounds of tensor`; `Index is supposed to be a vector`;
`Invalid index in gather`, `Invalid index in scatter`; `inconsistent tensor size`.]]},
  Mask = {'Masks', [[
A mask is a ByteTensor of zeros and ones with as many elements as its tensor. The condition of `where` may have any
values; it and its tensors are broadcast to each other.

Errors: `Mask tensor can take 0 and 1 values only`; `Number of elements of src < number of ones in mask`;
`inconsistent tensor size`.]]},
  Sort = {'Order', [[
Along a dimension, the last one by default, which keeps size 1 or becomes k. The second result has the positions,
counted from 1, in a LongTensor.

Errors: `invalid dimension`; `k not in range for dimension` and `dim not in range` (topk); `selected index out of range`
(kthvalue).]]},
  Matrix = {'Matrices', [[
Errors: `inconsistent tensor sizes` (cat); `matrix or a vector expected` (diag); `expected a matrix` (tril, triu,
trace); `no dimension of size 3`, `dimension d does not have size 3` and `inconsistent tensor dimension` (cross);
`need at least 2 dimensions` (renorm).]]},
  Histogram = {'Histograms', [[
Bins of equal width from min to max; equal bounds mean the range of the data. Elements outside are not counted, and the
last bin has its upper end.]]},
  Linalg = {'Linear algebra', [[
Functions only, of float and double matrices. A right-hand side B, which comes before its matrix A, may be a vector and
gives X of one column. Results are column-major; inputs are left as they are unless they are results too. Several
results are given together or not at all. Letters: `U` or `L`, the triangle that is read or returned; `N` or `V`,
without or with vectors; `S` or `A`, some or all columns of U and V; `L` or `R`, the side of Q; `N` or `T`, as it is or
transposed; `N` or `U`, the diagonal as it is or of ones. The signs of vectors are LAPACK's choice.

Errors: `A should be 2 dimensional`; `A should be square`; `A,B size incompatible`; `contains NaN or infinity`;
`Lapack Error in gesv : U(i,i) is zero, singular U.` and its kin of singular matrices; `the leading minor of order i is
not positive definite` (potrf); `rank deficient` (pstrf).]]},
  Convolution = {'Convolution', [[
`x` slides under the kernel `y` with stride 1: `V`, the default, keeps the n - k + 1 positions inside of x, `F` all
n + k - 1 that touch it. `conv` flips the kernel, `xcorr` does not. An image [H x W] takes a kernel [h x w]; P planes
take [P x h x w], each its own kernel, or [Q x P x h x w], which gives Q planes that are sums over P. Volumes have a
depth before H. Integers wrap.

Errors: `Input image is smaller than kernel` (V); `invalid number of input/kernel planes`; `invalid number of input
planes`; other numbers of dimensions are wrong arguments.]]},
  Fft = {'Fourier transforms', [[
Along the last dimension of numbers, the last two for `fft2` and `ifft2`; those before are batches. Complex numbers have
one more dimension behind, of size 2: real and imaginary part. Forward transforms are plain sums, inverse ones have the
factor 1 / n. `rfft` gives the first floor(n / 2) + 1 numbers, which determine the rest. Any length will do.

Errors: `expected complex numbers`; `expected real numbers` (rfft of an empty tensor); `expected a length of 4 or 5`
(irfft).]]},
}

-- Signatures.

local kNames = {num = 'v', int = 'n', dim = 'dim', bool = 'flag', gen = 'gen', ['size...'] = 'size...',
                tensors = '{x, y, ...}'}
local kTyped = {Long = 'index', Byte = 'mask', Float = 'p', Double = 'p'}
local kSources = {'x', 'y', 'z', 'w'}

-- Names of the parameters, by position.
local function namesOf(op, overload)
  local parameters, names, count, total = overload.parameters, {}, {}, {}
  local results, untyped = 0, 0
  for _, p in ipairs(parameters) do
    if p.result then results = results + 1 end
    if p.result and not p.type then untyped = untyped + 1 end
    total[p.kind] = (total[p.kind] or 0) + 1
  end
  local changes = parameters[1] and parameters[1].result and not parameters[1].optional and
                    (op.family == 'self' or op.family == 'in-place')
  local sources = changes and 1 or 0
  for i, p in ipairs(parameters) do
    if p.result then
      names[i] = changes and i == 1 and 'x' or results == 1 and 'res' or untyped > 1 and 'res' .. i or
          p.type and 'indices' or 'values'
    elseif p.kind == 'tensor' and p.default == 'arg1' then
      names[i] = 'src'
    elseif p.kind == 'tensor' then
      if not p.type then sources = sources + 1 end
      names[i] = p.type and kTyped[p.type] or kSources[sources] or 'x' .. sources
    elseif p.kind == 'letter' then
      names[i] = "'" .. p.letters:gsub('(.)(.)', "%1'|'%2") .. "'"
    else
      count[p.kind] = (count[p.kind] or 0) + 1
      names[i] = (kNames[p.kind] or p.kind) .. (total[p.kind] > 1 and count[p.kind] or '')
    end
  end
  return names
end

local function list(overload, names, first)
  local words = {}
  for i = first, #names do
    local p, word = overload.parameters[i], names[i]
    if p.dims then word = word .. '~' .. p.dims .. 'D' end
    local default = p.default == 'arg1' and 'x' or p.default
    table.insert(words, p.optional and '[' .. word .. (default and '=' .. default or '') .. ']' or word)
  end
  return table.concat(words, ', ')
end

local kAll = 'byte+char+short+int+long+half+bfloat16+float+double'
local kTypeSets = {[kAll] = 'all types', ['byte+char+short+int+long+float+double'] = 'all but the half types'}
local function typesText(types) return kTypeSets[types] or (types:gsub('%+', ', ')) end

local function signatures(op)
  local lines = {}
  for _, overload in ipairs(op.overloads) do
    local names, types = namesOf(op, overload), typesText(overload.typeText)
    local first = overload.parameters[1]
    local function add(call) table.insert(lines, {call, types}) end
    if overload.form == 'function' then
      add(('torch.%s(%s)'):format(op.name, list(overload, names, 1)))
    elseif first and (first.kind == 'tensor' or first.kind == 'tensors') then
      local second = overload.parameters[2]
      if first.optional and second and second.kind == 'tensor' and not second.result then
        add(('%s:%s(%s)'):format(names[2], op.name, list(overload, names, 3)))
      end
      if first.optional and second and second.result then
        add(('x:%s(%s)'):format(op.name, list(overload, names, 4)))
      end
      if first.kind == 'tensor' then add(('%s:%s(%s)'):format(names[1], op.name, list(overload, names, 2))) end
    end
  end
  local width = 0
  for _, line in ipairs(lines) do width = math.max(width, #line[1]) end
  local text, seen = {}, {}
  for _, line in ipairs(lines) do
    local row = ('    %-' .. math.min(width, 90) .. 's  %s'):format(line[1], line[2])
    if not seen[row] then table.insert(text, row) end
    seen[row] = true
  end
  return table.concat(text, '\n')
end

-- Examples.

local function outputOf(name, code)
  local parts, write, chunk = {}, io.write, assert(loadstring(code, '=' .. name))
  io.write = function(...)
    for i = 1, select('#', ...) do table.insert(parts, tostring((select(i, ...)))) end
  end
  torch.manualSeed(1)
  local ok, message = pcall(chunk)
  io.write = write
  if not ok then error(('the example of %s: %s'):format(name, message), 0) end
  return (table.concat(parts):gsub('\t', ''):gsub('[ \n]+$', ''):gsub(' +\n', '\n'))
end

local function indented(text) return (('    ' .. text):gsub('\n', '\n    '):gsub(' +\n', '\n')) end

local function section(op)
  local code = snippets[op.name] or error('cresset/snippets.lua has no example of ' .. op.name, 0)
  return table.concat({'## ' .. op.name, op.help .. '.', signatures(op), 'Example:', indented(code), 'prints', indented(
    outputOf(op.name, code)), ''}, '\n\n')
end

local function writeFile(name, text)
  local file = assert(io.open(folder .. '/' .. name, 'w'))
  file:write((text:gsub('\n+$', '\n')))
  file:close()
end

paths.mkdir(folder)
local order, byPage = {}, {}
for _, op in ipairs(ops.table()) do
  if not byPage[op.page] then table.insert(order, op.page) end
  byPage[op.page] = byPage[op.page] or {}
  table.insert(byPage[op.page], op)
end
local index = {[[
# Reference of the operations

Generated by `th doc/generate.lua` from the table of operations. In signatures `[a]` may be left out, `[a=v]` has the
default v; `res`, `values` and `indices` receive results and are returned. Examples with random numbers begin with
`torch.manualSeed(1)`.
]]}
for _, page in ipairs(order) do
  local title, text = unpack(pages[page] or {page, ''})
  local names, sections = {}, {}
  for _, op in ipairs(byPage[page]) do
    table.insert(names, ('[%s](%s.md#%s)'):format(op.name, page:lower(), op.name:lower()))
    table.insert(sections, section(op))
  end
  writeFile(page:lower() .. '.md', ('# %s\n\n%s\n\n%s'):format(title, text, table.concat(sections)))
  table.insert(index, ('**[%s](%s.md)**:\n%s\n'):format(title, page:lower(), table.concat(names, '\n')))
end
writeFile('README.md', table.concat(index, '\n') .. '\n')
