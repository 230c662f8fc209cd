-- optim.cg: conjugate gradients with Polak-Ribiere directions and a line search by cubic and quadratic interpolation,
-- after C. E. Rasmussen's scheme `minimize`.
local arguments = require 'optim.arguments'
local abs, min, max, sqrt = math.abs, math.min, math.max, math.sqrt

local function isFinite(value) return value == value and abs(value) ~= math.huge end

-- A step from the newest point (f2, d2), where the point before lies z3 away with (f3, d3): into the interval ...
local function interpolate(z3, f2, d2, f3, d3, isHigher, int)
  local step
  if isHigher then
    step = z3 - 0.5 * d3 * z3 * z3 / (d3 * z3 + f2 - f3)
  else
    local A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3)
    local B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
    step = (sqrt(B * B - A * d2 * z3 * z3) - B) / A
  end
  if not isFinite(step) then step = z3 / 2 end
  return max(min(step, int * z3), (1 - int) * z3)
end

-- ... or beyond it, at most `ext` times as far as z1, and not past `limit`, where the value was too high before.
local function extrapolate(z1, z3, f2, d2, f3, d3, limit, int, ext)
  local A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3)
  local B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2)
  local step = -d2 * z3 * z3 / (B + sqrt(B * B - A * d2 * z3 * z3))
  if not isFinite(step) or step < 0 then return limit and (limit - z1) / 2 or z1 * (ext - 1) end
  if limit and step + z1 > limit then return (limit - z1) / 2 end
  if not limit and step + z1 > z1 * ext then return z1 * (ext - 1) end
  if step < -z3 * int then return -z3 * int end
  if limit and step < (limit - z1) * (1 - int) then return (limit - z1) * (1 - int) end
  return step
end

-- Returns x, the values before and after each successful line search, and the number of evaluations.
return function(opfunc, x, config, state)
  config, state = arguments('cg', opfunc, x, config, state)
  local rho, sig = config.rho or 0.01, config.sig or 0.5
  local int, ext = config.int or 0.1, config.ext or 3
  local maxIter, ratio = config.maxIter or 20, config.ratio or 100
  local maxEval = config.maxEval or maxIter * 1.25

  local evaluations = 0
  local function evaluate(gradient)
    local f, df = opfunc(x)
    if type(f) ~= 'number' then
      error('optim.cg: value (first result of opfunc): expected number, got ' .. torch.type(f), 3)
    end
    gradient:copy(df)
    evaluations = evaluations + 1
    return f
  end
  local function buffer(name)
    local kept = state[name]
    return (kept or x.new()):resizeAs(x)
  end
  local df0, df1, df2, df3 = buffer 'df0', buffer 'df1', buffer 'df2', buffer 'df3'
  local s, x0 = buffer 's', buffer 'x0'

  local f1 = evaluate(df1)
  local values = {f1}
  s:copy(df1):mul(-1)
  local d1 = -s:dot(s)  -- the slope along s
  local z1 = 1 / (1 - d1)
  while evaluations < abs(maxEval) do
    x0:copy(x)
    df0:copy(df1)
    local f0 = f1
    x:add(z1, s)
    local f2 = evaluate(df2)
    local d2 = df2:dot(s)
    local f3, d3, z3 = f1, d1, -z1
    local budget = min(maxIter, maxEval - evaluations)
    local limit
    local function move(step)
      z1 = z1 + step
      x:add(step, s)
      f2 = evaluate(df2)
      budget = budget - 1
      d2 = df2:dot(s)
    end
    local function isTooFar() return f2 > f1 + z1 * rho * d1 or d2 > -sig * d1 end

    local success = false
    while true do
      while isTooFar() and budget > 0 do
        limit = z1
        local step = interpolate(z3, f2, d2, f3, d3, f2 > f1, int)
        move(step)
        z3 = z3 - step
      end
      if isTooFar() then break end
      success = d2 > sig * d1
      if success or budget <= 0 then break end
      local step = extrapolate(z1, z3, f2, d2, f3, d3, limit, int, ext)
      f3, d3, z3 = f2, d2, -step
      move(step)
    end

    if not success then
      x:copy(x0)
      f1 = f0
      df1:copy(df0)
      break
    end
    f1 = f2
    values[#values + 1] = f1
    s:mul((df2:dot(df2) - df2:dot(df1)) / df1:dot(df1)):add(-1, df2)
    df1, df2 = df2, df1
    d2 = df1:dot(s)
    if d2 > 0 then  -- not a way down
      s:copy(df1):mul(-1)
      d2 = -s:dot(s)
    end
    z1 = z1 * min(ratio, d1 / (d2 - 1e-320))
    d1 = d2
  end
  state.df0, state.df1, state.df2, state.df3, state.s, state.x0 = df0, df1, df2, df3, s, x0
  return x, values, evaluations
end
