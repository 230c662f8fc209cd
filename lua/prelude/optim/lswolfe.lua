-- optim.lswolfe: a line search for the strong Wolfe conditions: bracket, then zoom, with cubic interpolation
-- (Nocedal and Wright, Numerical Optimization, section 3.5).
local polyinterp = require 'optim.polyinterp'
local abs, min, max = math.abs, math.min, math.max

local function interpolate(a, b, low, high)
  return (polyinterp(torch.Tensor{{a.t, a.f, a.slope}, {b.t, b.f, b.slope}}, low, high))
end

-- From x along d, where f and g are value and gradient at x and gtd is the slope g . d; t is the first step length.
-- Returns value, gradient, x (moved in place), step length, number of evaluations.
return function(opfunc, x, t, d, f, g, gtd, options)
  options = options or {}
  local c1, c2 = options.c1 or 1e-4, options.c2 or 0.9
  local tolX, maxIter = options.tolX or 1e-9, options.maxIter or 20

  local start = x:clone()
  local evaluations = 0
  local function moveTo(length) x:copy(start):add(length, d) end
  local function pointAt(length)
    moveTo(length)
    local value, gradient = opfunc(x)
    evaluations = evaluations + 1
    gradient = gradient:clone()
    return {t = length, f = value, g = gradient, slope = gradient:dot(d)}
  end
  local function isTooHigh(point) return point.f > f + c1 * point.t * gtd end
  local function isFlat(point) return abs(point.slope) <= -c2 * gtd end

  -- Two points with an acceptable one between them, or one that is acceptable.
  local origin = {t = 0, f = f, g = g:clone(), slope = gtd}
  local previous, point = origin, pointAt(t)
  local a, b
  local iteration = 0
  while iteration < maxIter do
    if isTooHigh(point) or iteration > 1 and point.f >= previous.f then
      a, b = previous, point
    elseif isFlat(point) then
      a, b = point, point
    elseif point.slope >= 0 then
      a, b = previous, point
    end
    if a then break end
    local length = interpolate(previous, point, point.t + 0.01 * (point.t - previous.t), 10 * point.t)
    previous, point = point, pointAt(length)
    iteration = iteration + 1
  end
  if not a then a, b = origin, point end

  local wasNearEnd = false
  while a ~= b and iteration < maxIter do
    if b.f < a.f then a, b = b, a end  -- a is the lower one
    local length = interpolate(a, b)
    local first, last = min(a.t, b.t), max(a.t, b.t)
    local tenth = 0.1 * (last - first)
    if min(last - length, length - first) < tenth then
      if wasNearEnd or length >= last or length <= first then
        length = abs(length - last) < abs(length - first) and last - tenth or first + tenth
        wasNearEnd = false
      else
        wasNearEnd = true
      end
    else
      wasNearEnd = false
    end

    point = pointAt(length)
    iteration = iteration + 1
    if isTooHigh(point) or point.f >= a.f then
      b = point
    elseif isFlat(point) then
      a = point
      break
    else
      if point.slope * (b.t - a.t) >= 0 then b = a end
      a = point
    end
    if abs((b.t - a.t) * point.slope) < tolX then break end
  end

  local best = b.f < a.f and b or a
  moveTo(best.t)
  return best.f, best.g, x, best.t, evaluations
end
