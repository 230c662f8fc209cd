-- Tests of optim.ConfusionMatrix.
require 'optim'
local tester = torch.Tester()
local test = torch.TestSuite()

-- Seven samples of three classes: rows 3 1 0, 0 1 1, 0 0 1.
local function animals()
  local matrix = optim.ConfusionMatrix{'cat', 'dog', 'a bird'}
  matrix:batchAdd(torch.LongTensor{1, 1, 1, 2, 2, 3, 3}, torch.FloatTensor{1, 1, 1, 1, 2, 2, 3})
  return matrix
end

function test.a_new_matrix_has_torch7s_fields()
  local matrix = optim.ConfusionMatrix(2, {'a', 'b'})
  tester:eq(torch.typename(matrix), 'optim.ConfusionMatrix')
  tester:eq(matrix.mat, torch.LongTensor(2, 2):zero())
  tester:eq(matrix.valids, torch.FloatTensor{0, 0})
  tester:eq(matrix.unionvalids, torch.FloatTensor{0, 0})
  tester:eq({matrix.nclasses, matrix.totalValid, matrix.averageValid}, {2, 0, 0})
  tester:eq(matrix.classes, {'a', 'b'})
  tester:eq(optim.ConfusionMatrix(2).classes, {})
  tester:eq(matrix._mat_flat:nElement(), 4)
end

function test.add_takes_classes_or_scores()
  local matrix = optim.ConfusionMatrix(3)
  matrix:add(2, 1)
  matrix:add(torch.Tensor{0, 5, 1}, 1)
  matrix:add(torch.FloatTensor{0, 1, 5}, torch.Tensor{0, 0, 1})
  matrix:add(2, 0)
  matrix:add(2, -1)
  tester:eq(matrix.mat, torch.LongTensor{{0, 2, 0}, {0, 0, 0}, {0, 0, 1}})
end

function test.batchAdd_takes_classes_or_scores()
  local matrix = optim.ConfusionMatrix(3)
  matrix:batchAdd(torch.Tensor{{0, 5, 1}, {3, 0, 1}}, torch.LongTensor{{2}, {3}})
  matrix:batchAdd(torch.ByteTensor{1, 2, 3}, torch.Tensor{{1, 0, 0}, {0, 0, 1}, {0, 0, 1}})
  tester:eq(matrix.mat, torch.LongTensor{{1, 0, 0}, {0, 1, 0}, {1, 1, 1}})
end

function test.tostring_prints_the_table_of_the_specification()
  local matrix = animals()
  tester:eq(tostring(matrix), table.concat({
    'ConfusionMatrix:',
    '[[       3       1       0]   75.000% \t[class: cat]',
    ' [       0       1       1]   50.000% \t[class: dog]',
    ' [       0       0       1]]  100.000% \t[class: a bird]',
    ' + average row correct: 75% ',
    ' + average rowUcol correct (VOC measure): 52.777778108915% ',
    ' + global correct: 71.428571428571%',
  }, '\n'))
  tester:eq(matrix.averageValid, 0.75)
  tester:eq(matrix.totalValid, 5 / 7, 1e-15)
end

function test.tostring_without_names_or_samples()
  tester:eq(tostring(optim.ConfusionMatrix(2)), table.concat({
    'ConfusionMatrix:',
    '[[       0       0]   nan% ',
    ' [       0       0]]  nan% ',
    ' + average row correct: nan% ',
    ' + average rowUcol correct (VOC measure): nan% ',
    ' + global correct: nan%',
  }, '\n'))
end

function test.tostring_calls_an_overridden_updateValids()
  local matrix = animals()
  function matrix:updateValids() self.totalValid = 0.5 end
  tester:assert(tostring(matrix):find('global correct: 50%', 1, true) ~= nil)
end

function test.zero_forgets_the_samples()
  local matrix = animals()
  matrix:updateValids()
  matrix:zero()
  tester:eq(matrix.mat:sum(), 0)
  tester:eq({matrix.totalValid, matrix.averageValid, matrix.valids:sum()}, {0, 0, 0})
  tester:ne(matrix.averageUnionValid, 0)
end

function test.farFrr_lists_classes_with_samples()
  local matrix = optim.ConfusionMatrix(3)
  matrix:batchAdd(torch.LongTensor{1, 1, 1, 3}, torch.LongTensor{1, 3, 3, 3})
  local classFrrs, classFars, frrs, fars = matrix:farFrr()
  tester:eq(classFrrs, torch.Tensor{0, -1, 2 / 3}, 1e-15)
  tester:eq(classFars, torch.Tensor{2 / 3, -1, 0}, 1e-15)
  tester:eq(frrs, torch.Tensor{0, 2 / 3}, 1e-15)
  tester:eq(fars, torch.Tensor{2 / 3, 0}, 1e-15)
end

function test.bad_samples_raise_and_count_nothing()
  local matrix = optim.ConfusionMatrix(2)
  local scores = torch.Tensor(2, 2, 2):zero()
  tester:assertErrorPattern(function() matrix:add(3, 1) end, 'index out of range')
  tester:assertErrorPattern(function() matrix:add(1, 3) end, 'index out of range')
  tester:assertErrorPattern(function() matrix:add(torch.Tensor(2, 2), 1) end, '1D')
  tester:assertErrorPattern(function() matrix:add(nil, 1) end, 'expected number')
  tester:assertErrorPattern(function() matrix:add(1, torch.Tensor{1, 0}) end, 'expected number')
  tester:assertErrorPattern(function() matrix:batchAdd(scores, torch.Tensor{1, 1}) end,
                            'predictions has invalid number of dimensions')
  tester:assertErrorPattern(function() matrix:batchAdd(torch.Tensor{1, 1}, scores) end,
                            'targets has invalid number of dimensions')
  tester:assertErrorPattern(function() matrix:batchAdd(torch.Tensor{1, 2}, torch.Tensor{1, 5}) end,
                            'index out of range')
  tester:assertErrorPattern(function() matrix:batchAdd(torch.Tensor{1, 2}) end, 'expected torch')
  tester:eq(matrix.mat:sum(), 0)
  matrix.mat = torch.Tensor(1)
  tester:assertErrorPattern(function() return tostring(matrix) end, 'field mat: expected torch.LongTensor %[2 x 2%]')
  tester:assertErrorPattern(function() optim.ConfusionMatrix() end, 'argument 1 %(nclasses%)')
end

function test.a_saved_matrix_goes_on_counting()
  local name = paths.tmpname()
  torch.save(name, animals())
  local matrix = torch.load(name)
  tester:eq(matrix.mat, animals().mat)
  matrix:batchAdd(torch.LongTensor{1}, torch.LongTensor{3})
  tester:eq(matrix.mat[3][1], 1)
  tester:eq(matrix._mat_flat[7], 1)  -- still the same memory
  tester:eq(matrix.classes, {'cat', 'dog', 'a bird'})
end

tester:add(test):run()
