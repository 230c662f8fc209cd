-- Tests of the methods with line searches, and of what they are made from.
local harness = paths.dofile('../lua/harness.lua')
require 'optim'
local tester = torch.Tester()
local test = torch.TestSuite()

-- f(x) = x'Ax/2 - b'x with its minimum at (0.6, -0.8).
local function quadratic()
  local A, b, gradient = torch.Tensor{{3, 1}, {1, 2}}, torch.Tensor{1, -1}, torch.Tensor(2)
  return function(x)
    local Ax = A * x
    gradient:copy(Ax):add(-1, b)
    return Ax:dot(x) / 2 - b:dot(x), gradient
  end
end

-- The sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2, with its minimum 0 at ones.
local function rosenbrock()
  local count = 0
  return function(x)
    count = count + 1
    local n = x:size(1)
    local a, b = x:narrow(1, 1, n - 1), x:narrow(1, 2, n - 1)
    local u, v = b - torch.cmul(a, a), -a + 1
    local g = x:clone():zero()
    g:narrow(1, 1, n - 1):addcmul(-400, a, u):add(-2, v)
    g:narrow(1, 2, n - 1):add(200, u)
    return 100 * u:dot(u) + v:dot(v), g
  end, function() return count end
end

function test.cg_reaches_the_reference_values()
  local x = torch.Tensor{1, 1}
  local state = {}
  local result, values, evaluations = optim.cg(quadratic(), x, {maxIter = 5}, state)
  tester:eq(x, torch.Tensor{0.6, -0.8}, 1e-12)
  tester:assert(rawequal(result, x))
  tester:eq(#values, 3)
  tester:eq(values[1], 3.5)
  tester:eq(evaluations, 7)
  for _, name in ipairs{'df0', 'df1', 'df2', 'df3', 's', 'x0'} do tester:eq(state[name]:nElement(), 2, name) end
end

function test.lbfgs_reaches_the_reference_values()
  local expected = torch.Tensor{0.6000105432653, -0.79996240594531}
  local x = torch.Tensor{1, 1}
  local _, values, evaluations = optim.lbfgs(quadratic(), x, {maxIter = 5})
  tester:eq(x, expected, 1e-13)
  tester:eq({#values, evaluations}, {5, 5})

  x = torch.Tensor{1, 1}
  _, values = optim.lbfgs(quadratic(), x, {maxIter = 5, lineSearch = optim.lswolfe})
  tester:eq(x, expected, 1e-13)
  tester:eq(#values, 6)
end

function test.line_searches_minimise_rosenbrock()
  local methods = {
    cg = {'cg', {maxIter = 40, maxEval = 1000}},
    lbfgs = {'lbfgs', {maxIter = 500, maxEval = 2000, lineSearch = optim.lswolfe, tolFun = 1e-9, tolX = 1e-15}},
    forgetful = {'lbfgs', {maxIter = 500, maxEval = 2000, nCorrection = 3, lineSearch = optim.lswolfe, tolFun = 1e-9,
                           tolX = 1e-15}},
  }
  for label, method in pairs(methods) do
    local f, count = rosenbrock()
    local x = torch.Tensor(10):fill(-1)
    x[1] = 1.2
    local _, values, evaluations = optim[method[1]](f, x, method[2])
    tester:eq(x, torch.ones(10), 1e-6, label)
    tester:eq(evaluations, count(), label)
    tester:assert(values[#values] < values[1], label)
  end
end

function test.lbfgs_continues_with_its_state()
  local f = rosenbrock()
  local whole, parts = torch.Tensor{-1.2, 1}, torch.Tensor{-1.2, 1}
  optim.lbfgs(f, whole, {maxIter = 7, tolX = 1e-15})
  local config = {maxIter = 1, tolX = 1e-15}
  for _ = 1, 7 do optim.lbfgs(f, parts, config) end
  tester:eq(parts, whole, 1e-12)
  tester:eq(config.nIter, 7)
  tester:eq(config.funcEval, 7)
end

function test.lbfgs_at_the_minimum_returns_the_value()
  local x = torch.Tensor{0.6, -0.8}
  local state = {}
  local _, values, evaluations = optim.lbfgs(quadratic(), x, {}, state)
  tester:eq(#values, 1)
  tester:eq(evaluations, nil)
  tester:eq(state.d, nil)
end

function test.lbfgs_continues_after_a_call_without_a_step()
  local slope = 2e-5  -- above tolFun, but there is no progress to be made along it
  local function f(x) return slope * x[1], torch.Tensor{slope} end
  local x, state = torch.Tensor{1}, {}
  optim.lbfgs(f, x, {}, state)
  tester:eq(x[1], 1)
  slope = 1
  optim.lbfgs(f, x, {maxIter = 1}, state)
  tester:eq(x[1], 0)
end

function test.lbfgs_says_why_it_stopped()
  local function said(config)
    return (harness.run(([[require 'optim'
      optim.lbfgs(function(x) return x:dot(x), x * 2 end, torch.ones(2), %s)]]):format(config)))
  end
  tester:assert(said('{verbose = true, maxIter = 1}'):find('<optim.lbfgs> reached max number of iterations', 1, true) ~= nil)
  tester:assert(said('{verbose = true}'):find('<optim.lbfgs> optimality condition below tolFun', 1, true) ~= nil)
  tester:eq(said('{}'), '')
end

function test.lswolfe_meets_both_conditions()
  local f, count = rosenbrock()
  local start = torch.Tensor{-1.2, 1}
  local f0, g0 = f(start)
  local d = -g0
  local slope = g0:dot(d)
  for _, first in ipairs{1e-6, 1e-3, 1, 100} do
    local x = start:clone()
    local before = count()
    local value, gradient, moved, t, evaluations = optim.lswolfe(f, x, first, d, f0, g0, slope, {})
    tester:assert(rawequal(moved, x))
    tester:eq(x, start + d * t, 1e-12)
    tester:eq(evaluations, count() - before)
    tester:assert(value <= f0 + 1e-4 * t * slope)
    tester:assert(math.abs(gradient:dot(d)) <= 0.9 * math.abs(slope))
    tester:eq(value, (f(x)), 1e-12)
  end
end

function test.polyinterp_finds_the_minimum()
  tester:eq(optim.polyinterp(torch.Tensor{{0, 1, -2}, {1, 0.5, 1}}), 2 / 3, 1e-14)
  tester:eq({optim.polyinterp(torch.Tensor{{0, 1, -2}, {1, 0.5, 1}}, 1.01, 10)}, {1.01, 0.51015}, 1e-12)

  -- (x^2 - 1)^2 (x - 3) + x / 10, of degree 5, from three of its points.
  local function p(x) return (x * x - 1) ^ 2 * (x - 3) + x / 10 end
  local function slope(x) return 4 * x * (x * x - 1) * (x - 3) + (x * x - 1) ^ 2 + 0.1 end
  local rows = {}
  for i, x in ipairs{-0.5, 0.5, 2.6} do rows[i] = {x, p(x), slope(x)} end
  local position, value = optim.polyinterp(torch.Tensor(rows))
  local best = 2.6
  for x = -0.5, 2.6, 1e-4 do best = p(x) < p(best) and x or best end
  tester:eq(position, best, 1e-4)
  tester:eq(value, p(position), 1e-10)
  tester:eq(slope(position), 0, 1e-8)
end

function test.polyinterp_without_a_minimum_takes_the_middle()
  tester:eq(optim.polyinterp(torch.Tensor{{0, 0, 1}, {2, 1.2, 1}}), 1)
end

function test.checkgrad_tells_right_from_wrong()
  local x = torch.linspace(1, 2, 5)
  local before = x:clone()
  local diff, dC, estimate = optim.checkgrad(function(y) return torch.Tensor{y:dot(y)}, y * 2 end, x)
  tester:assert(diff < 1e-6)
  tester:eq(dC, x * 2, 1e-12)
  tester:eq(estimate, x * 2, 1e-5)
  tester:eq(x, before)
  tester:assert(optim.checkgrad(function(y) return y:dot(y), y * 3 end, x) > 0.1)
end

-- |Ax - b|^2 / 2 + w |x|_1 with A = 2 I: the solution is soft(2 b, w) / 4.
local function lasso(weight)
  local b = torch.Tensor{3, -1, 0.1}
  local function f(x, mode)
    local residual = x * 2 - b
    return residual:dot(residual) / 2, mode == 'dx' and residual * 2 or nil
  end
  local function g(x) return weight * torch.abs(x):sum() end
  local function pl(x, L)
    local size = torch.abs(x):add(-weight / L):cmax(0)
    x:sign():cmul(size)
  end
  return f, g, pl, torch.Tensor{1.25, -0.25, 0}
end

function test.FistaLS_solves_a_lasso()
  local f, g, pl, solution = lasso(1)
  for _, accelerated in ipairs{false, true} do
    local x = torch.Tensor{9, 9, 9}
    local params = {doFistaUpdate = accelerated, errthres = 1e-14, maxiter = 500}
    local y, history = optim.FistaLS(f, g, pl, x, params)
    tester:eq(y, solution, 1e-5)
    tester:eq(x, solution, 1e-5)
    local last = history[#history]
    tester:eq(last.F, f(x) + g(x), 1e-10)
    tester:eq(last.L, params.L)
    tester:assert(last.L >= 4 / 1.5)  -- below, the quadratic is no bound
    tester:assert(#history < 500)
  end
end

function test.de_minimises_and_repeats()
  local count = 0
  local function sphere(x)
    count = count + 1
    return (x - torch.Tensor{1, -2, 3}):pow(2):sum()
  end
  local config = {scaleFactor = 0.5, crossoverRate = 0.9, maxFEs = 3000}
  torch.manualSeed(5)
  local best, values = optim.de(sphere, torch.Tensor(3), config)
  tester:eq(best, torch.Tensor{1, -2, 3}, 1e-3)
  tester:eq(values:size(1), 3000)
  tester:eq(count, 3000)
  tester:eq(values:min(), sphere(best))
  tester:eq(torch.initialSeed(), 5)
  tester:eq((optim.de(sphere, torch.Tensor(3), config)), best)
  tester:assertErrorPattern(function() optim.de(sphere, torch.Tensor(3), {maxFEs = 5}) end,
                            'config.scaleFactor: expected number, got nil')
end

function test.bad_arguments_are_named()
  for _, name in ipairs{'cg', 'lbfgs'} do
    tester:assertErrorPattern(function() optim[name](nil, torch.ones(2)) end,
                              'linesearch.lua:%d+: optim.' .. name .. ': argument 1 %(opfunc%): expected function, got nil')
    tester:assertErrorPattern(function() optim[name](print, 1) end, 'argument 2 %(x%): expected torch.%*Tensor, got number')
    tester:assertErrorPattern(function() optim[name](print, torch.ones(2), 3) end, 'argument 3 %(config%)')
    tester:assertErrorPattern(function() optim[name](function(x) return nil, x end, torch.ones(2)) end,
                              'linesearch.lua:%d+: optim.' .. name .. ': value %(first result of opfunc%): ' ..
                                'expected number, got nil')
  end
  tester:assertErrorPattern(function() optim.checkgrad(print, 1) end, 'argument 2 %(x%).*got number')
  tester:assertErrorPattern(function() optim.checkgrad(print, torch.ones(2, 2)) end, 'got 2 dimensions')
  tester:assertErrorPattern(function() optim.lbfgs(function() return 1, torch.ones(2, 2) end, torch.ones(4)) end,
                            'expected 1D with 4 elements')
  tester:assertErrorPattern(function() optim.checkgrad(function() return 1 end, torch.ones(4)) end, 'got nil')
  tester:assertErrorPattern(function() optim.polyinterp(torch.ones(4)) end, 'n x 3')
end

tester:add(test):run()
