-- nn.StochasticGradient.
require 'nn'
local tester = torch.Tester()
local test = torch.TestSuite()

-- Calls f; returns the lines that it printed.
local function printed(f)
  local lines, original = {}, print
  print = function(line) lines[#lines + 1] = line end
  local ended, message = pcall(f)
  print = original
  assert(ended, message)
  return lines
end

local function problem()
  local dataset = {}
  function dataset:size() return 8 end
  for i = 1, 8 do
    local x = torch.Tensor{i / 4 - 1, (i % 3) - 1}
    dataset[i] = {x, torch.Tensor{2 * x[1] - x[2]}}
  end
  return nn.Linear(2, 1), dataset
end

function test.it_learns()
  local m, dataset = problem()
  local trainer = nn.StochasticGradient(m, nn.MSECriterion())
  trainer.learningRate, trainer.maxIteration = 0.1, 200

  local lines = printed(function() trainer:train(dataset) end)

  tester:assert((m.weight - torch.Tensor{{2, -1}}):abs():max() < 1e-3)
  tester:eq(lines[1], '# StochasticGradient: training')
  tester:assert(lines[2]:find('^# current error = ') ~= nil)
  tester:eq(lines[#lines - 1], '# StochasticGradient: you have reached the maximum number of iterations')
  tester:assert(lines[#lines]:find('^# training error = ') ~= nil)
  tester:eq(#lines, 1 + 200 + 2)
end

function test.defaults_and_hooks()
  local m, dataset = problem()
  local trainer = nn.StochasticGradient(m, nn.MSECriterion())
  tester:eq({trainer.learningRate, trainer.learningRateDecay, trainer.maxIteration, trainer.shuffleIndices,
             trainer.verbose}, {0.01, 0, 25, true, true})
  local examples, iterations = 0, {}
  trainer.hookExample = function(self, example)
    examples = examples + 1
    tester:assert(rawequal(self, trainer) and example[2]:nElement() == 1)
  end
  trainer.hookIteration = function(_, iteration) iterations[#iterations + 1] = iteration end
  trainer.maxIteration, trainer.verbose = 2, false

  local lines = printed(function() trainer:train(dataset) end)

  tester:eq(examples, 16)
  tester:eq(iterations, {1, 2})
  tester:eq(#lines, 3)
end

function test.without_shuffling_examples_come_in_order()
  local m, dataset = problem()
  local trainer = nn.StochasticGradient(m, nn.MSECriterion())
  trainer.shuffleIndices, trainer.maxIteration, trainer.verbose = false, 1, false
  local seen = {}
  trainer.hookExample = function(_, example) seen[#seen + 1] = example[1][1] end

  printed(function() trainer:train(dataset) end)

  for i = 2, 8 do tester:assert(seen[i] > seen[i - 1]) end
end

tester:add(test):run()
