-- nn.Module: what scripts do with any module.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()

local function near(a, b, message) tester:assert((a - b):abs():max() < 1e-12, message) end

-- y = w x with one weight, written in Lua.
local classes = {}
local Double = torch.class('test.Double', 'nn.Module', classes)
function Double:__init()
  nn.Module.__init(self)
  self.weight, self.gradWeight = torch.Tensor{2}, torch.Tensor{0}
end
function Double:updateOutput(input)
  self.output = input * self.weight[1]
  return self.output
end
function Double:updateGradInput(input, gradOutput)
  self.gradInput = gradOutput * self.weight[1]
  return self.gradInput
end
function Double:accGradParameters(input, gradOutput, scale)
  self.gradWeight:add((scale or 1) * input:dot(gradOutput))
end

local function net()
  return nn.Sequential():add(nn.Linear(4, 3)):add(nn.Tanh()):add(nn.Linear(3, 2))
end

function test.a_new_module_has_empty_tensors_of_the_default_type()
  local m = nn.Module()

  tester:eq(m.output:nElement(), 0)
  tester:eq(m.gradInput:nElement(), 0)
  tester:eq(m:type(), torch.getdefaulttensortype())
  tester:eq(m.train, nil)
end

function test.the_default_type_is_that_of_the_moment_of_construction()
  torch.setdefaulttensortype('torch.FloatTensor')
  local m = nn.Linear(4, 3)
  torch.setdefaulttensortype('torch.DoubleTensor')

  tester:eq(m:type(), 'torch.FloatTensor')
  tester:eq(m.weight:type(), 'torch.FloatTensor')
end

function test.backward_accumulates_and_returns_gradInput()
  local m = classes.Double()
  local x = torch.Tensor{1, 2}

  m:forward(x)
  local gradInput = m:backward(x, torch.Tensor{1, 1})
  m:backward(x, torch.Tensor{1, 1}, 10)

  tester:eq(gradInput, torch.Tensor{2, 2})
  tester:eq(m.gradWeight[1], 33)
end

function test.calling_a_module_runs_it()
  local m = classes.Double()
  local x = torch.Tensor{1, 2}

  local output = m(x)
  local again, gradInput = m(x, torch.Tensor{1, 1})

  tester:eq(output, torch.Tensor{2, 4})
  tester:eq(again, torch.Tensor{2, 4})
  tester:eq(gradInput, torch.Tensor{2, 2})
  tester:eq(m.gradWeight[1], 3)
end

function test.backwardUpdate_moves_the_parameters_and_keeps_the_gradient()
  local m = nn.Linear(2, 1)
  m.weight:fill(1)
  m.bias:fill(0)
  m.gradWeight:fill(7)
  m.gradBias:fill(8)
  local x = torch.Tensor{1, 2}
  m:forward(x)

  m:backwardUpdate(x, torch.Tensor{1}, 0.5)

  tester:eq(m.weight, torch.Tensor{{0.5, 0}})
  tester:eq(m.bias, torch.Tensor{-0.5})
  tester:eq(m.gradWeight, torch.Tensor{{7, 7}})
  tester:eq(m.gradBias, torch.Tensor{8})
end

function test.shared_parameters_are_updated_from_a_gradient_of_their_own()
  local m = classes.Double()
  m.shared = true
  m.gradWeight:fill(100)
  local x = torch.Tensor{1, 2}
  m:forward(x)

  m:backwardUpdate(x, torch.Tensor{1, 1}, 0.5)

  tester:eq(m.weight[1], 0.5)
  tester:eq(m.gradWeight[1], 3)
end

function test.parameters_are_weight_and_bias_with_or_without_gradients()
  local m = nn.Linear(2, 1)
  local both, bothGradients = m:parameters()
  tester:eq({#both, #bothGradients}, {2, 2})
  tester:assert(rawequal(both[1], m.weight) and rawequal(bothGradients[2], m.gradBias))

  -- As in checkpoints from which the gradients were taken.
  m.gradWeight, m.gradBias = nil, nil
  local parameters, gradients = m:parameters()
  tester:eq({#parameters, next(gradients) == nil}, {2, true})
  m:zeroGradParameters()
  m:updateParameters(0.1)

  m.weight = nil
  local bias = m:parameters()
  tester:assert(#bias == 1 and rawequal(bias[1], m.bias))

  tester:eq(select('#', nn.Tanh():parameters()), 0)
end

function test.updateParameters_subtracts_the_gradient()
  local m = nn.Linear(2, 1)
  m.weight:fill(1)
  m.gradWeight:fill(2)
  m.gradBias:zero()

  m:updateParameters(0.25)
  tester:eq(m.weight, torch.Tensor{{0.5, 0.5}})

  m:zeroGradParameters()
  tester:eq(m.gradWeight, torch.zeros(1, 2))
end

------------------------------------------------------------------------------------------------------- getParameters
function test.getParameters_puts_all_into_one_storage_and_keeps_the_tensors()
  local m = net()
  local weight = m.modules[1].weight
  local values = weight:clone()

  local p, g = m:getParameters()

  tester:eq(p:nElement(), 4 * 3 + 3 + 3 * 2 + 2)
  tester:eq(g:nElement(), p:nElement())
  tester:assert(rawequal(weight, m.modules[1].weight))
  tester:eq(weight, values)
  for _, parameter in ipairs(m:parameters()) do
    tester:eq(torch.pointer(parameter:storage()), torch.pointer(p:storage()))
  end
  p:fill(3)
  tester:eq(weight, torch.Tensor(3, 4):fill(3))
  tester:eq(m.modules[3].bias:storageOffset(), 22)
end

function test.getParameters_counts_shared_tensors_once()
  local m = nn.Sequential():add(nn.Linear(3, 3)):add(nn.Linear(3, 3))
  m.modules[2]:share(m.modules[1], 'weight', 'gradWeight')

  local p, g = m:getParameters()
  m.modules[1].weight:fill(5)

  tester:eq(p:nElement(), 9 + 3 + 3)
  tester:eq(g:nElement(), 15)
  tester:eq(m.modules[2].weight, torch.Tensor(3, 3):fill(5))
end

function test.getParameters_refuses_shared_weights_with_separate_gradients()
  local m = nn.Sequential():add(nn.Linear(3, 3)):add(nn.Linear(3, 3))
  m.modules[2]:share(m.modules[1], 'weight')

  tester:assertErrorPattern(function() m:getParameters() end,
                            'check that you are sharing parameters and gradParameters')
end

function test.getParameters_again_makes_new_vectors()
  local m = net()
  local old = m:getParameters()
  local new = m:getParameters()

  old:fill(1)
  new:fill(2)

  tester:eq(m.modules[1].bias, torch.Tensor{2, 2, 2})
  tester:assert(torch.pointer(old:storage()) ~= torch.pointer(new:storage()))
end

function test.getParameters_of_nothing_is_empty()
  local p, g = nn.Tanh():getParameters()
  tester:eq(p:nElement(), 0)
  tester:eq(g:nElement(), 0)
  tester:eq(nn.Module.flatten(nil):nElement(), 0)
  tester:eq(nn.Module.flatten({}):nElement(), 0)
end

function test.flatten_drops_elements_that_no_parameter_uses()
  local storage = torch.range(1, 10)
  local a, b = storage:narrow(1, 2, 2), storage:narrow(1, 7, 3)

  local flat = nn.Module.flatten{a, b}

  tester:eq(flat, torch.Tensor{2, 3, 7, 8, 9})
  flat:zero()
  tester:eq(b:sum(), 0)
end

function test.flatten_keeps_expanded_dimensions()
  local expanded = torch.Tensor{1, 2, 3}:view(1, 3):expand(4, 3)

  local flat = nn.Module.flatten{expanded}

  tester:eq(flat, torch.Tensor{1, 2, 3})
  tester:eq(expanded:size():totable(), {4, 3})
  flat:fill(7)
  tester:eq(expanded[4], torch.Tensor{7, 7, 7})
end

function test.flatten_refuses_holes_that_it_cannot_remove()
  local column = torch.Tensor(4, 4):zero():select(2, 1)

  tester:assertErrorPattern(function() nn.Module.flatten{column} end, 'Cannot gather tensors that are not compact')
end

------------------------------------------------------------------------------------------------------------- sharing
function test.share_points_fields_to_anothers_tensors()
  local a, b = nn.Linear(2, 2), nn.Linear(2, 2)

  local result = a:share(b, 'weight', 'absent')
  b.weight:fill(9)

  tester:assert(rawequal(result, a))
  tester:eq(a.weight, torch.Tensor(2, 2):fill(9))
  tester:eq({a.shared, b.shared}, {true, true})
  tester:ne(a.bias:sum(), b.bias:sum())
end

function test.clone_is_a_copy_in_depth()
  local m = net()
  m.name = 'mine'
  m:forward(torch.ones(4))

  local c = m:clone()
  c.modules[1].weight:zero()

  tester:eq(c.name, 'mine')
  tester:ne(m.modules[1].weight:sum(), 0)
  tester:eq(torch.typename(c.modules[2]), 'nn.Tanh')
  tester:eq(c.output, m.output)
end

function test.clone_with_names_shares_these_tensors()
  local m = net()

  local c = m:clone('weight', 'gradWeight')
  m.modules[1].weight:fill(4)
  m.modules[1].bias:fill(4)

  tester:eq(c.modules[1].weight, torch.Tensor(3, 4):fill(4))
  tester:ne(c.modules[1].bias, m.modules[1].bias)
  tester:eq(m.modules[3].weight:size():totable(), {2, 3}, 'the original is as it was')
end

function test.clone_shares_nothing_but_tensors()
  local m = nn.Linear(2, 2)
  m.name = 'a string'

  tester:assertErrorPattern(function() m:clone('name') end, 'Shared parameters have to be Tensors')
  tester:assertNoError(function() m:clone() end)
  tester:eq(m:clone().weight, m.weight, 'a clone after the error is whole')
end

function test.clone_keeps_flattened_parameters_in_one_storage()
  local m = net()
  m:getParameters()

  local parameters = m:clone():parameters()

  for _, parameter in ipairs(parameters) do
    tester:eq(torch.pointer(parameter:storage()), torch.pointer(parameters[1]:storage()))
  end
end

--------------------------------------------------------------------------------------------------------------- types
function test.type_converts_everything_and_keeps_shared_storages()
  local m = net()
  m:getParameters()
  local before = m:parameters()[1]:clone()

  local result = m:float()
  local parameters = m:parameters()

  tester:assert(rawequal(result, m))
  tester:eq(m:type(), 'torch.FloatTensor')
  tester:eq(m.modules[2].output:type(), 'torch.FloatTensor')
  tester:eq(parameters[1]:double(), before:float():double())
  for _, parameter in ipairs(parameters) do
    tester:eq(parameter:type(), 'torch.FloatTensor')
    tester:eq(torch.pointer(parameter:storage()), torch.pointer(parameters[1]:storage()))
  end
  tester:eq(m:double():type(), 'torch.DoubleTensor')
end

function test.type_keeps_sharing_between_children()
  local m = nn.Sequential():add(nn.Linear(3, 3)):add(nn.Linear(3, 3))
  m.modules[2]:share(m.modules[1], 'weight')

  m:float()
  m.modules[1].weight:fill(6)

  tester:eq(m.modules[2].weight, torch.FloatTensor(3, 3):fill(6))
end

function test.one_cache_keeps_sharing_between_networks()
  local a, b = nn.Linear(3, 3), nn.Linear(3, 3)
  b:share(a, 'weight', 'bias')

  local cache = {}
  a:float(cache)
  b:float(cache)
  a.weight:fill(6)

  tester:eq(b.weight, torch.FloatTensor(3, 3):fill(6))
end

function test.type_of_a_nil_type_is_nil()
  local Forgetful = torch.class('test.Forgetful', 'nn.Module', classes)
  function Forgetful:__init() end
  local m = classes.Forgetful()

  tester:eq(m:type(), nil)
  tester:eq(m:float():type(), 'torch.FloatTensor')
  tester:assertNoError(function()
    m:training()
    m:clearState()
    m:zeroGradParameters()
  end)
end

function test.type_converts_modules_that_know_their_parent()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  m.modules[1].parent, m.list = m, {m}
  m.list[2] = m.list

  m:float()

  tester:eq({m:type(), m.modules[1].weight:type()}, {'torch.FloatTensor', 'torch.FloatTensor'})
  tester:assert(rawequal(m.modules[1].parent, m) and rawequal(m.list[2], m.list))
end

function test.errors_point_at_the_users_line()
  local m = nn.Linear(2, 2)
  m:forward(torch.ones(2))
  for _, f in ipairs {
    function() m:type('torch.NoTensor') end,
    function() m:share({}, 'weight') end,
    function() m:backwardUpdate(torch.ones(2), torch.ones(2)) end,
    function() nn.Sequential():add(m):backwardUpdate(torch.ones(2), torch.ones(2)) end,
    function() nn.Sequential():add(m):remove(7) end,
  } do
    local ended, message = pcall(f)
    tester:assert(not ended and message:find('^[^\n]*Module.lua:%d+: ') ~= nil, tostring(message))
    tester:eq(message:find('cresset/', 1, true), nil, message)
  end
end

function test.a_module_inside_itself_is_an_error()
  local m = nn.Sequential()
  m:add(m)

  for _ = 1, 3 do
    tester:assertErrorPattern(function() m:forward(torch.ones(2)) end, 'does one contain itself')
    tester:assertErrorPattern(function() tostring(m) end, 'does one contain itself')
    tester:assertError(function() m:parameters() end)
  end

  local deep = nn.Tanh()
  for _ = 1, 400 do deep = nn.Sequential():add(deep) end
  tester:eq(deep:forward(torch.zeros(2)), torch.zeros(2))
end

function test.an_unknown_type_is_an_error()
  local m = nn.Linear(2, 2)

  tester:assertErrorPattern(function() m:type('torch.NoTensor') end, 'expected a tensor type[^;]*$')
  if not package.loaded.cutorch then
    tester:assertErrorPattern(function() m:cuda() end, 'got torch.CudaTensor; .*require .cutorch.')
  end
  tester:eq(m.weight:type(), 'torch.DoubleTensor')
end

--------------------------------------------------------------------------------------------------------------- trees
local function tree()
  local m = nn.Sequential()
  m:add(nn.Linear(2, 2)):add(nn.ConcatTable():add(nn.Tanh()):add(nn.Sequential():add(nn.Linear(2, 2))))
  return m
end

function test.apply_visits_parents_before_children()
  local names = {}

  tree():apply(function(m) names[#names + 1] = torch.typename(m) end)

  tester:eq(names, {'nn.Sequential', 'nn.Linear', 'nn.ConcatTable', 'nn.Tanh', 'nn.Sequential', 'nn.Linear'})
end

function test.listModules_lists_itself_first_and_doubles_twice()
  local m = nn.Sequential()
  local shared = nn.Tanh()
  m:add(shared):add(shared)

  local list = m:listModules()

  tester:eq(#list, 3)
  tester:assert(rawequal(list[1], m) and rawequal(list[2], shared) and rawequal(list[3], shared))
end

function test.findModules_gives_modules_and_their_parents()
  local m = tree()

  local found, parents = m:findModules('nn.Linear')
  local roots, rootParents = m:findModules('nn.Sequential')

  tester:eq(#found, 2)
  tester:assert(rawequal(found[1], m.modules[1]) and rawequal(parents[1], m))
  tester:assert(rawequal(parents[2], m.modules[2].modules[2]))
  tester:eq(#roots, 2)
  tester:assert(rawequal(roots[1], m) and rawequal(rootParents[1], m), 'the root is its own parent')
  tester:eq(#m:findModules('nn.Module'), 0, 'parents of the class do not count')
end

function test.replace_exchanges_modules_anywhere()
  local m = tree()

  local result = m:replace(function(module)
    return torch.typename(module) == 'nn.Linear' and nn.Identity() or module
  end)

  tester:assert(rawequal(result, m))
  tester:eq(#m:findModules('nn.Linear'), 0)
  tester:eq(#m:findModules('nn.Identity'), 2)
  tester:eq(m:forward(torch.Tensor{1, 2})[2], torch.Tensor{1, 2})
end

function test.training_and_evaluate_set_the_flag()
  local m = nn.Dropout()
  m:evaluate()
  tester:eq(m.train, false)
  m:training()
  tester:eq(m.train, true)
end

function test.an_update_without_a_learning_rate_says_so()
  local m = nn.Sequential():add(nn.Linear(2, 2))
  local x = torch.ones(2)
  m:forward(x)
  tester:assertErrorPattern(function() m:updateParameters() end,
                            'nn.Linear:updateParameters: argument 1 %(learningRate%): expected number, got nil')
  tester:assertErrorPattern(function() m:backwardUpdate(x, x) end, 'argument 3 %(learningRate%)')
  nn.Tanh():updateParameters()

  m:zeroGradParameters()
  tester:assertNoError(function() m:updateParameters('0.1') end)
  tester:assertNoError(function() m:backwardUpdate(x, x, '0.1') end)
end

function test.clearState_empties_in_place_and_returns_self()
  local m = nn.Linear(2, 2)
  m:forward(torch.ones(2))
  local output = m.output

  local result = m:clearState()

  tester:assert(rawequal(result, m) and rawequal(m.output, output))
  tester:eq(output:nElement(), 0)
end

function test.empty_is_clearState_for_max_pooling()
  for _, m in ipairs {nn.SpatialMaxPooling(2, 2), nn.SpatialDilatedMaxPooling(2, 2)} do
    m:forward(torch.rand(1, 4, 4))
    m:empty()
    tester:eq({m.output:nElement(), m.indices:nElement()}, {0, 0})
  end
end

function test.clearState_drops_all_that_the_next_call_computes_anew()
  local x = torch.rand(2, 2, 4, 4)
  for _, case in ipairs {
    {nn.Max(1), '_indices'}, {nn.Min(1), '_indices'}, {nn.Dropout(), 'noise'},
    {nn.SpatialMaxPooling(2, 2), 'indices'}, {nn.SpatialDilatedMaxPooling(2, 2), 'indices'},
    {nn.SpatialBatchNormalization(2), 'save_mean', 'save_std'},
  } do
    local m = case[1]
    local y = m:forward(x):clone()
    m:backward(x, y)

    tester:assert(rawequal(m:clearState(), m))

    for i = 2, #case do tester:eq(m[case[i]]:nElement(), 0, tostring(m) .. '.' .. case[i]) end
    tester:assertError(function() m:backward(x, y) end, tostring(m))
    m:forward(x)
    tester:assertNoError(function() m:backward(x, y) end, tostring(m))
  end
end

-- Torch7 computes these gradients from input and gradOutput alone.
function test.gradients_that_need_no_output_are_computed_without()
  local x = torch.rand(2, 3, 4)
  local gy = torch.rand(2, 4)
  tester:eq(nn.Sum(2):backward(x, gy), gy:view(2, 1, 4):expand(2, 3, 4))
  tester:eq(nn.Sum(2, nil, false, false):backward(x, gy:view(2, 1, 4)), gy:view(2, 1, 4):expand(2, 3, 4))
  tester:eq(nn.Mean(2):backward(x, gy), gy:view(2, 1, 4):expand(2, 3, 4) / 3, 1e-15)
  tester:eq(nn.Replicate(2):backward(gy, torch.ones(2, 2, 4)), torch.Tensor(2, 4):fill(2))
  for _, m in ipairs {nn.Linear(4, 2), nn.View(8), nn.ReLU(), nn.Select(1, 1), nn.Narrow(1, 1), nn.CMul(4)} do
    local y = m:forward(gy):clone()
    tester:assertNoError(function() m:clearState():backward(gy, y) end, tostring(m))
  end
  tester:assertErrorPattern(function() nn.Sum(2):backward(x, torch.ones(2, 3)) end,
                            'nn.Sum: argument 2 %(gradOutput%): expected the size of the output ' ..
                              'torch.DoubleTensor %[2 x 1 x 4%], got torch.DoubleTensor %[2 x 3%]')
  tester:assertErrorPattern(function() nn.Replicate(2):backward(gy, gy) end, '%[2 x 2 x 4%], got')
end

function test.clearState_leaves_the_tensors_of_the_caller()
  local modules = {
    nn.Identity(), nn.SelectTable(1), nn.NarrowTable(1), nn.FlattenTable(), nn.CAddTable(true),
    nn.ParallelTable():add(nn.Identity()):add(nn.ReLU(true)), nn.ConcatTable():add(nn.SelectTable(2)),
    nn.Decorator(nn.Identity()), nn.MapTable(nn.Identity()), nn.Sequential():add(nn.SelectTable(-1)),
  }
  for _, m in ipairs(modules) do
    local x = {torch.ones(2), torch.ones(2)}
    local y = m:forward(x)
    m:backward(x, y)

    tester:assert(rawequal(m:clearState(), m), tostring(m))

    tester:eq({x[1]:nElement(), x[2]:nElement()}, {2, 2}, tostring(m))
    tester:assertNoError(function() m:forward(x) end, tostring(m))
  end
end

function test.clearState_of_views_leaves_the_tensors_of_the_caller()
  local modules = {
    nn.Identity(), nn.View(4), nn.Reshape(4), nn.Squeeze(), nn.Unsqueeze(1), nn.Replicate(2), nn.Contiguous(),
    nn.Dropout(0.5, false, true), nn.ReLU(true), nn.Copy('torch.DoubleTensor', 'torch.DoubleTensor'),
  }
  for _, m in ipairs(modules) do
    local x = torch.ones(2, 2)
    local gradOutput = m:forward(x):clone()
    local size = gradOutput:nElement()
    m:backward(x, gradOutput)

    m:clearState()

    tester:eq({x:nElement(), gradOutput:nElement()}, {4, size}, tostring(m))
  end
end

---------------------------------------------------------------------------------------------------------- the package
function test.requiring_a_class_by_file_name_is_allowed()
  tester:assertNoError(function()
    require 'nn.Linear'
    require 'nn.Module'
    require 'nn.StochasticGradient'
  end)
  tester:assertError(function() require 'nn.NoSuchClass' end)
end

function test.integer_tensor_types_say_that_they_have_no_nn()
  tester:assertErrorPattern(function() return torch.LongTensor.nn.Linear end,
                            'nn.Linear is only supported for Float or Double Tensors')
end

function test.saved_objects_load_before_the_package_is_required()
  local path = paths.tmpname()
  torch.save(path, nn.Sequential():add(nn.Linear(2, 1)))
  local program = ("print(torch.typename(torch.load('%s').modules[1]))"):format(path)
  local pipe = io.popen(("'%s' -e \"%s\""):format(arg[0], program))
  local output = pipe:read('*all')
  pipe:close()
  os.remove(path)

  tester:eq(output:match('nn.Linear'), 'nn.Linear')
end

function test.old_batch_normalisation_gets_running_var_when_it_is_read()
  local m = nn.SpatialBatchNormalization(2, 0.25)
  m.running_var, m.running_std = nil, torch.Tensor{0.5, 1}
  m.buffer, m.normalized = torch.ones(2), torch.ones(2)

  local old = torch.deserialize((torch.serialize(m):gsub('V 2', 'V 1', 1)))

  tester:eq(old.running_var, torch.Tensor{3.75, 0.75})
  tester:eq(old.running_std, nil)
  old:clearState()
  tester:eq({old.buffer:nElement(), old.normalized:nElement()}, {0, 0})
end

function test.batch_normalisation_has_its_number_of_dimensions_in_the_class()
  local m = nn.SpatialBatchNormalization(3)
  tester:eq({nn.BatchNormalization(3).nDim, m.nDim, nn.VolumetricBatchNormalization(3).nDim}, {2, 4, 5})
  tester:eq(rawget(m, 'nDim'), nil)
end

function test.a_lookup_table_starts_with_torch7s_settings_and_takes_them_back()
  local m = nn.LookupTable(2, 3, 0, 1)
  tester:eq(m.shouldScaleGradByFreq, false)
  tester:eq(m:setMaxNorm(nil).maxNorm, nil)
  m.weight:fill(5)

  tester:eq(m:forward(torch.LongTensor{1}), torch.Tensor(1, 3):fill(5))
  tester:assertle(m:setMaxNorm(2):forward(torch.LongTensor{1}):norm(), 2)
end

function test.CMulTable_can_divide_instead_of_multiplying()
  local m = nn.CMulTable()
  local x = {torch.Tensor{2, 3}, torch.Tensor{-4, 5}, torch.Tensor{6, 0.5}}
  local gy = torch.Tensor{1, 10}
  m:forward(x)

  local expected = m:clone():updateGradInput(x, gy)
  local gx = m:updateGradInput_efficient(x, gy)

  tester:assert(rawequal(gx, m.gradInput))
  for i = 1, 3 do tester:eq(gx[i], expected[i], 1e-12) end
  m:forward{x[1]}
  tester:eq(m:updateGradInput_efficient({x[1]}, gy), {gy})
end

function test.constructors_and_methods_accept_gradInput_nil()
  local m = nn.Linear(4, 2)
  local x = torch.ones(3, 4)
  m.gradInput = nil
  m:zeroGradParameters()
  m:forward(x)

  tester:eq(m:backward(x, torch.ones(3, 2)), nil)
  tester:eq(m.gradBias, torch.Tensor{3, 3})
end

function test.Linear_follows_changed_fields()
  local m = nn.Linear(2, 1)
  m.weight = torch.Tensor{{1, 10}}
  m.bias = torch.Tensor{0.5}

  near(m:forward(torch.Tensor{1, 2}), torch.Tensor{21.5})
  m.bias = nil
  m.gradBias = nil
  near(m:forward(torch.Tensor{1, 2}), torch.Tensor{21})
end

function test.a_table_that_contains_itself_is_an_error()
  local cycle = {}
  cycle[1] = cycle
  local message = 'does one contain itself'

  tester:assertErrorPattern(function() nn.Linear(2, 2):forward(cycle) end, 'expected a tensor, got {')
  tester:assertErrorPattern(function() nn.FlattenTable():forward(cycle) end, message)
  tester:assertErrorPattern(function() nn.ConcatTable():add(nn.Identity()):backward(cycle, {cycle}) end, message)
  tester:eq(#nn.Identity():forward(cycle), 1)
end

function test.a_size_that_is_no_number_is_zero()
  tester:assertErrorPattern(function() nn.Linear(0 / 0, 2) end, 'expected at least 1, got 0')
  local m = nn.Narrow(1, 1, 1)
  m.length = 0 / 0
  tester:assertErrorPattern(function() m:forward(torch.ones(2)) end, 'out of range: 0 elements')
end

function test.an_init_put_into_a_base_class_runs_for_every_module()
  local init, criterionInit, n = nn.Module.__init, nn.Criterion.__init, 0
  function nn.Module:__init(...)
    n = n + 1
    init(self, ...)
    self.id = n
  end
  function nn.Criterion:__init()
    criterionInit(self)
    self.id = 'criterion'
  end

  local linear, container = nn.Linear(3, 2), nn.Sequential()
  local criterion = nn.MSECriterion()
  nn.Module.__init, nn.Criterion.__init = init, criterionInit

  tester:eq({linear.id, container.id, criterion.id}, {1, 2, 'criterion'})
  tester:eq(linear:forward(torch.ones(3)):size(1), 2)
  tester:eq(container:add(linear):clone():get(1).id, 1)
  tester:assert(nn.Linear(3, 2).id == nil)
end

tester:add(test):run()
