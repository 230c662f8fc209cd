-- The project's reference trajectories: every optimiser, step by step, on four functions.
require 'optim'
local cases, dataset = paths.dofile('../reference.lua')('optim')
if not cases then return end
local function read(...) return dataset('/' .. table.concat({...}, '/')) end

local function rosenbrock(x)
  local n = x:size(1)
  local a, b = x:narrow(1, 1, n - 1), x:narrow(1, 2, n - 1)
  local u, v = b - torch.cmul(a, a), -a + 1
  local g = x:clone():zero()
  g:narrow(1, 1, n - 1):addcmul(-400, a, u):add(-2, v)
  g:narrow(1, 2, n - 1):add(200, u)
  return 100 * u:dot(u) + v:dot(v), g
end

local function quadratic()
  local A, b = read('problem/quadratic/A'), read('problem/quadratic/b')
  return function(x)
    local Ax = A * x
    return Ax:dot(x) / 2 - b:dot(x), Ax - b
  end
end

local function logistic()
  local X, y = read('problem/logistic/X'), read('problem/logistic/y')
  return function(w)
    local e = torch.exp(-torch.cmul(y, X * w))
    local g = X:t() * torch.cmul(y, torch.cdiv(e, e + 1)):mul(-1 / y:size(1))
    return torch.log(e + 1):mean() + 0.005 * w:dot(w), g:add(0.01, w)
  end
end

local makers = {
  rosenbrock2 = function() return rosenbrock end, rosenbrock10 = function() return rosenbrock end,
  quadratic = quadratic, logistic = logistic,
}

-- The parameters after each step, the start first; and the averages of asgd.
local function trajectory(f, method, config, x0, steps)
  local x = x0:clone()
  local xs, averages = torch.Tensor(steps + 1, x:size(1)), torch.Tensor(steps, x:size(1))
  xs[1] = x
  for i = 1, steps do
    local _, _, average = method(f, x, config)
    xs[i + 1] = x
    if torch.isTensor(average) then averages[i] = average end
  end
  return xs, averages
end

-- Of each step.
local function relativeErrors(got, expected)
  return torch.cdiv(got - expected, torch.abs(expected) + 1):abs():max(2):view(-1)
end

local function copy(config)
  local result = {}
  for key, value in pairs(config) do result[key] = value end
  return result
end

local tester = torch.Tester()
local test = torch.TestSuite()
for functionName, case in pairs(cases) do
  test[functionName] = function()
    local f = makers[functionName]()
    for runName, run in pairs(case.runs) do
      local expected = read(functionName, runName, run.call == 'optim.adam' and 'x_torch7' or 'x')
      local method, x0 = optim[run.call:match('optim%.(.*)')], read(functionName, runName, 'x')[1]
      local xs, averages = trajectory(f, method, copy(run.config), x0, run.steps)
      local label = functionName .. ' ' .. runName
      -- Some methods amplify rounding errors, near a minimum so much that no two programs agree for long. What a start
      -- that is rounded otherwise changes is no error.
      local rows = (run.compare_steps or run.steps) + 1
      local moved = trajectory(f, method, copy(run.config), x0 * (1 + 2 ^ -51), run.steps)
      local tolerance = relativeErrors(moved, xs):mul(10):add(1e-10):cmin(1e-4)
      local errors = relativeErrors(xs, expected)
      tester:asserteq(errors:narrow(1, 1, rows):gt(tolerance:narrow(1, 1, rows)):sum(), 0, label)
      if run.call == 'optim.asgd' then
        tester:assert(relativeErrors(averages, read(functionName, runName, 'ax')):max() < 1e-10, label .. ' average')
      end
    end
  end
end
tester:add(test):run()
