-- nn.Criterion: what scripts do with any loss.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()
local classes = {}

function test.a_new_criterion_has_no_loss()
  local c = nn.Criterion()
  tester:eq({c.output, c.gradInput:nElement()}, {0, 0})
  tester:eq(tostring(c), 'nn.Criterion')
end

function test.calling_it_gives_loss_and_gradient()
  local c = nn.MSECriterion()

  local loss, gradient = c(torch.Tensor{1, 2}, torch.Tensor{1, 4})

  tester:eq(loss, 2)
  tester:eq(c.output, 2)
  tester:eq(gradient, torch.Tensor{0, -2})
  tester:assert(rawequal(gradient, c.gradInput))
end

function test.sizeAverage_may_be_changed_at_any_time()
  local c = nn.MSECriterion()
  c.sizeAverage = false

  tester:eq(c:forward(torch.Tensor{1, 2}, torch.Tensor{1, 4}), 4)
  tester:eq(c:backward(torch.Tensor{1, 2}, torch.Tensor{1, 4}), torch.Tensor{0, -4})
end

function test.CrossEntropyCriterion_hands_a_changed_sizeAverage_on()
  local c = nn.CrossEntropyCriterion()
  local x, t = torch.Tensor{{1, 2, 3}, {3, 1, 2}}, torch.Tensor{1, 2}
  local mean = c:forward(x, t)

  c.sizeAverage = false
  tester:eq(c:forward(x, t), 2 * mean, 1e-12)
  tester:eq(c:backward(x, t):sum(), 0, 1e-12)
  tester:eq(c:backward(x, t)[1][2], math.exp(2) / (math.exp(1) + math.exp(2) + math.exp(3)), 1e-12)

  c.nll.sizeAverage = true  -- scripts set this one, too
  tester:eq(c:forward(x, t), mean, 1e-12)
end

function test.the_length_of_a_weighted_criterion_is_its_number_of_weights()
  local weights = torch.ones(3)
  for _, class in ipairs {nn.ClassNLLCriterion, nn.SpatialClassNLLCriterion, nn.BCECriterion} do
    tester:eq({#class(), #class(weights), #class(weights):clone()}, {0, 3, 3})
  end
end

function test.type_needs_a_type_and_converts_everything()
  local c = nn.ClassNLLCriterion(torch.Tensor{1, 2, 3})

  tester:assertErrorPattern(function() c:type() end, 'Criterion: must provide a type to convert to')
  tester:assert(rawequal(c:float(), c))
  tester:eq(c.weights:type(), 'torch.FloatTensor')
  local loss = c:forward(torch.FloatTensor{{-1, -2, -3}}, torch.LongTensor{2})
  tester:eq(loss, 2)
end

function test.clone_is_a_copy_in_depth()
  local c = nn.ClassNLLCriterion(torch.Tensor{1, 2, 3})
  local copy = c:clone()
  copy.weights:zero()

  tester:eq(torch.typename(copy), 'nn.ClassNLLCriterion')
  tester:eq(c.weights, torch.Tensor{1, 2, 3})
end

function test.ClassNLLCriterion_returns_the_total_weight_too()
  local c = nn.ClassNLLCriterion(torch.Tensor{1, 2, 3})

  local loss, weight = c:forward(torch.Tensor{{-1, -2, -3}}, torch.LongTensor{3})

  tester:eq({loss, weight}, {3, 3})
end

function test.a_criterion_in_lua_works_inside_others()
  local Gap, parent = torch.class('test.Gap', 'nn.Criterion', classes)
  function Gap:__init() parent.__init(self) end
  function Gap:updateOutput(input, target)
    self.output = (input - target):sum()
    return self.output
  end
  function Gap:updateGradInput(input)
    self.gradInput:resizeAs(input):fill(1)
    return self.gradInput
  end
  local x, t = torch.Tensor{3, 4}, torch.Tensor{1, 1}

  local multi = nn.MultiCriterion():add(classes.Gap(), 10):add(nn.MSECriterion(false))
  tester:eq(multi:forward(x, t), 50 + 13)
  tester:eq(multi:backward(x, t), torch.Tensor{14, 16})

  local parallel = nn.ParallelCriterion():add(classes.Gap()):add(nn.MSECriterion(false), 0.5)
  tester:eq(parallel:forward({x, x}, {t, t}), 5 + 6.5)
  tester:eq(parallel:backward({x, x}, {t, t}), {torch.Tensor{1, 1}, torch.Tensor{2, 3}})
end

function test.an_error_of_a_criterion_in_a_criterion_names_its_place_once()
  local c = nn.MultiCriterion():add(nn.MSECriterion())
  local _, message = pcall(function() c:forward(torch.ones(2), torch.ones(3)) end)
  local line = message:match('^[^\n]*')
  tester:assert(line:find('Criterion.lua:%d+: nn.MSECriterion: argument 2 %(target%)') ~= nil, line)
  tester:eq(select(2, line:gsub('Criterion.lua', '')), 1)
end

function test.only_containers_add_a_traceback_to_an_error()
  local _, message = pcall(function() nn.CrossEntropyCriterion():forward(torch.ones(2, 3), torch.Tensor{0, 1}) end)
  tester:assert(message:find('n_classes', 1, true) ~= nil, message)
  tester:assert(not message:find('traceback', 1, true) and not message:find('WARNING', 1, true), message)
end

function test.labels_out_of_range_are_errors()
  local c = nn.ClassNLLCriterion()
  local x = torch.Tensor{{-1, -2, -3}}
  for _, label in ipairs {0, 4, -1} do
    tester:assertError(function() c:forward(x, torch.LongTensor{label}) end, 'label ' .. label)
  end
  tester:eq(c:forward(x, torch.LongTensor{1}), 1)
end

function test.a_gradient_that_does_not_nest_as_the_input_is_an_error()
  local part = nn.MSECriterion()
  part.updateGradInput = function() return {torch.Tensor(1)} end
  local x = torch.Tensor(1):fill(2)
  tester:assertErrorPattern(function() nn.MultiCriterion():add(part):backward(x, x) end, 'does not nest as the input')
end

tester:add(test):run()
