-- Tests of the optimisers that are written in C++, as Lua scripts call them.
local harness = paths.dofile('../lua/harness.lua')
require 'optim'
local tester = torch.Tester()
local test = torch.TestSuite()

-- f(x) = x'Ax/2 - b'x and its gradient, which is one tensor for all calls.
local function quadratic(type)
  local A = torch.Tensor{{3, 1}, {1, 2}}:type(type or 'torch.DoubleTensor')
  local b = torch.Tensor{1, -1}:type(A:type())
  local gradient = b:clone()
  return function(x)
    local Ax = A * x
    gradient:copy(Ax):add(-1, b)
    return Ax:dot(x) / 2 - b:dot(x), gradient
  end
end

-- Three calls from (1, 1). The values are the specification's; they hold to the last printed digit.
local references = {
  {'sgd', {learningRate = 0.1}, {0.44, 0.095}},
  {'sgd', {learningRate = 0.1, momentum = 0.9}, {0.1502, -0.15745}},
  {'sgd', {learningRate = 0.1, momentum = 0.9, dampening = 0, nesterov = true, weightDecay = 0.01, learningRateDecay = 0.1},
   {0.061568888743182, -0.81243490224167}},
  {'nag', {learningRate = 0.1}, {0.2051, -0.46615}},
  {'adam', {}, {0.99700012854883, 0.99700007211664}},
  {'adamax', {}, {0.99400252001261, 0.99399878928679}},
  {'rmsprop', {}, {0.78332549816275, 0.77759185933815}},
  {'adagrad', {learningRate = 0.1}, {0.78379865596947, 0.77806524085854}},
  {'adadelta', {}, {0.99031457602435, 0.99030489006785}},
  {'rprop', {}, {0.636, 0.636}},
  {'asgd', {t0 = 1}, {0.99910035997774, 0.99880029999499}},
}

local function copyOf(t)
  local copy = {}
  for key, value in pairs(t) do copy[key] = value end
  return copy
end

function test.three_steps_reach_the_reference_values()
  for _, reference in ipairs(references) do
    local name, config, expected = unpack(reference)
    local x = torch.Tensor{1, 1}
    local f = quadratic()
    config = copyOf(config)
    for _ = 1, 3 do optim[name](f, x, config) end
    tester:eq(x, torch.Tensor(expected), 1e-13, name)
  end
end

function test.floats_and_separate_state_tables_give_the_same()
  for _, reference in ipairs(references) do
    local name, config, expected = unpack(reference)
    local x = torch.FloatTensor{1, 1}
    local f = quadratic('torch.FloatTensor')
    config = copyOf(config)
    local state = {}
    for _ = 1, 3 do optim[name](f, x, config, state) end
    tester:eq(x, torch.FloatTensor(expected), 1e-5, name)
    tester:assert(next(state) ~= nil, name .. ' keeps its state in the state table')
    for key in pairs(state) do
      if key ~= 'stepsize' then tester:eq(config[key], nil, name .. ' leaves the config alone') end
    end
  end
end

function test.results_are_x_and_the_value_before_the_step()
  for _, reference in ipairs(references) do
    local x = torch.Tensor{1, 1}
    local result, values = optim[reference[1]](quadratic(), x, {})
    tester:assert(rawequal(result, x), reference[1])
    tester:eq(#values, 1)
    if reference[1] ~= 'nag' then tester:eq(values[1], 3.5) end
  end
end

function test.config_holds_the_state_when_none_is_given()
  local config = {learningRate = 0.1, momentum = 0.9}
  optim.sgd(quadratic(), torch.Tensor{1, 1}, config)
  tester:eq(config.evalCounter, 1)
  tester:eq(config.dfdx, torch.Tensor{3, 4})

  local before = config.dfdx
  optim.sgd(quadratic(), torch.Tensor{1, 1}, config)
  tester:assert(rawequal(config.dfdx, before))  -- changed in place
end

function test.state_survives_saving()
  local f, x, config = quadratic(), torch.Tensor{1, 1}, {learningRate = 0.1, momentum = 0.9}
  optim.sgd(f, x, config)
  local again = {learningRate = 0.1, momentum = 0.9, evalCounter = config.evalCounter, dfdx = config.dfdx:clone()}
  for _ = 1, 2 do optim.sgd(f, x, again) end

  tester:eq(x, torch.Tensor{0.1502, -0.15745}, 1e-13)
end

function test.config_is_what_it_was_before_the_evaluation()
  local config = {learningRate = 1}
  local x = torch.Tensor{1}
  local function f()
    config.learningRate = 0.5
    return 0, torch.Tensor{1}
  end

  optim.sgd(f, x, config)
  tester:eq(x[1], 0)
  optim.sgd(f, x, config)
  tester:eq(x[1], -0.5)
end

function test.opfunc_may_be_a_callable_object_or_yield()
  local callable = setmetatable({}, {__call = function(_, x) return 1, x:clone() end})
  local x = torch.Tensor{1}
  optim.sgd(callable, x, {learningRate = 1})
  tester:eq(x[1], 0)

  x = torch.Tensor{1}
  local step = coroutine.wrap(function()
    optim.sgd(function() return 1, coroutine.yield() end, x, {learningRate = 1})
  end)
  step()
  step(torch.Tensor{3})
  tester:eq(x[1], -2)
end

function test.parameters_that_are_not_contiguous()
  for _, reference in ipairs(references) do
    local name, config, expected = unpack(reference)
    local storage = torch.Tensor(2, 2):fill(1)
    local x = storage:select(2, 1)
    local f = quadratic()
    config = copyOf(config)
    for _ = 1, 3 do optim[name](f, x, config) end
    tester:eq(x, torch.Tensor(expected), 1e-13, name)
    tester:eq(storage:select(2, 2), torch.Tensor{1, 1}, name .. ' leaves the neighbours alone')
  end
end

function test.asgd_writes_its_defaults_and_returns_the_average()
  local config, state = {}, {}
  local x = torch.Tensor{1, 1}

  local _, _, average = optim.asgd(quadratic(), x, config, state)

  tester:eq(config, {eta0 = 1e-4, lambda = 1e-4, alpha = 0.75, t0 = 1e6})
  tester:eq(average, x)
  tester:assert(rawequal(average, state.ax))
  tester:eq(state.t, 1)
end

function test.rprop_makes_niter_steps()
  local x = torch.Tensor{1, 1}
  local config = {niter = 3}

  local _, values = optim.rprop(quadratic(), x, config)

  tester:eq(x, torch.Tensor{0.636, 0.636}, 1e-13)
  tester:eq(#values, 3)
  tester:eq(torch.typename(config.stepsize), 'torch.DoubleTensor')
end

function test.three_methods_announce_that_they_start_without_tables()
  local lines = {
    adagrad = 'no state table, ADAGRAD initializing', adadelta = 'no state table, ADADELTA initializing',
    rprop = 'no state table RPROP initializing',
  }
  for name, line in pairs(lines) do
    local output = harness.run(([[require 'optim'
      optim.%s(function(x) return 0, x:clone() end, torch.ones(2))]]):format(name))
    tester:eq((output:gsub('%s+$', '')), line)
  end
end

local function errorOf(...)
  local ended, message = pcall(...)
  tester:eq(ended, false)
  return tostring(message)
end

local function has(text, fragment) tester:assert(text:find(fragment, 1, true) ~= nil, text .. ' lacks ' .. fragment) end

function test.bad_arguments_are_named_and_change_nothing()
  for _, reference in ipairs(references) do
    local name = reference[1]
    local x = torch.Tensor{1, 1}
    local function f(gradient) return function() return 0, gradient end end
    local prefix = 'optim.' .. name .. ': '
    has(errorOf(optim[name], nil, x), prefix .. 'argument 1 (opfunc): expected function, got nil')
    has(errorOf(optim[name], f(x), {1, 1}), prefix .. 'argument 2 (x): expected torch.*Tensor, got table')
    has(errorOf(optim[name], f(x), torch.LongTensor{1}), prefix .. 'not available for torch.LongTensor')
    has(errorOf(optim[name], f(x), x, 5), prefix .. 'argument 3 (config): expected table or nil, got number')
    has(errorOf(optim[name], f(x), x, {}, 5), prefix .. 'argument 4 (state): expected table or nil, got number')
    local config = {}
    has(errorOf(optim[name], f(nil), x, config),
        prefix .. 'gradient (second result of opfunc): expected torch.DoubleTensor like x, got nil')
    has(errorOf(optim[name], f(torch.Tensor{1, 2, 3}), x, config), 'expected torch.DoubleTensor with 2 elements like x')
    has(errorOf(optim[name], f(torch.FloatTensor{1, 2}), x, config), 'got torch.FloatTensor [2]')
    has(errorOf(optim[name], function() error('mine') end, x, config), 'mine')
    tester:eq(x, torch.Tensor{1, 1})
    tester:eq(config.t or config.evalCounter, nil)
  end
end

function test.bad_settings_are_named()
  local x = torch.Tensor{1, 1}
  local called = false
  local function f() called = true return 0, x:clone() end
  has(errorOf(optim.sgd, f, x, {learningRate = {}}), 'optim.sgd: config.learningRate: expected number, got table')
  has(errorOf(optim.sgd, f, x, {}, {dfdx = 1}), 'optim.sgd: state.dfdx: expected torch.*Tensor, got number')
  has(errorOf(optim.sgd, f, x, {nesterov = true, momentum = 0.9}),
      'Nesterov momentum requires a momentum and zero dampening')
  has(errorOf(optim.nag, f, x, {momentum = 0}), 'Momentum must be positive for Nesterov Accelerated Gradient')
  tester:eq(called, false)
  has(errorOf(optim.adam, f, x, {m = torch.Tensor(3), v = torch.Tensor(3)}),
      'optim.adam: state.m: expected torch.DoubleTensor with 2 elements like x, got torch.DoubleTensor [3]')
  tester:eq(x, torch.Tensor{1, 1})
end

function test.errors_point_at_the_script()
  local _, errors, status = harness.run("require 'optim'\n\noptim.sgd(nil)\n")
  tester:assert(errors:match(':3: optim%.sgd: argument 1') ~= nil, errors)
  tester:ne(status, 0)
end

-- What a script that makes two steps with this config writes to its error output.
local function warningsOf(name, config)
  local _, errors = harness.run(([[require 'optim'
    local config = %s
    for i = 1, 2 do optim.%s(function(x) return 0, x:clone() end, torch.ones(2), config) end
    optim.%s(function(x) return 0, x:clone() end, torch.ones(2), %s)]]):format(config, name, name, config))
  return errors
end

function test.unknown_keys_are_answered_once_with_the_likely_key()
  tester:eq(warningsOf('sgd', '{learning_rate = 1}'),
            "optim.sgd: config key 'learning_rate' is ignored; did you mean 'learningRate'?\n")
  tester:eq(warningsOf('sgd', '{lr = 1}'), "optim.sgd: config key 'lr' is ignored; did you mean 'learningRate'?\n")
  tester:eq(warningsOf('sgd', '{momentun = 1}'),
            "optim.sgd: config key 'momentun' is ignored; did you mean 'momentum'?\n")
  tester:eq(warningsOf('adam', '{momentum = 1}'),
            "optim.adam: config key 'momentum' is ignored; optim.nag, optim.sgd would use it\n")
end

function test.methods_in_lua_answer_too()
  tester:eq(warningsOf('lbfgs', '{maxiter = 1}'), "optim.lbfgs: config key 'maxiter' is ignored; did you mean 'maxIter'?\n")
  tester:eq(warningsOf('cg', '{maxIter = 1, epoch = 1}'), '')
end

function test.known_keys_and_the_users_own_are_silent()
  tester:eq(warningsOf('sgd', '{learningRate = 1, epoch = 3, bestLoss = 2, denom = 1, t = 1}'), '')
end

tester:add(test):run()
