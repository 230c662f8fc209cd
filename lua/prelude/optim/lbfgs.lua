-- optim.lbfgs: limited-memory BFGS (Nocedal 1980), with fixed steps or a line search.
local arguments = require 'optim.arguments'

-- Stores a pair of step s and change of gradient y; the oldest pair's memory serves again.
local function remember(history, y, s, most)
  if #history.steps == most then
    table.insert(history.freeSteps, table.remove(history.steps, 1))
    table.insert(history.freeChanges, table.remove(history.changes, 1))
  end
  table.insert(history.steps, s)
  table.insert(history.changes, y)
end

-- d = -H g by the two-loop recursion.
local function direction(d, g, history, Hdiag, ro, al)
  local steps, changes = history.steps, history.changes
  d:resizeAs(g):copy(g):mul(-1)
  for i = #steps, 1, -1 do
    ro[i] = 1 / changes[i]:dot(steps[i])
    al[i] = steps[i]:dot(d) * ro[i]
    d:add(-al[i], changes[i])
  end
  d:mul(Hdiag)
  for i = 1, #steps do d:add(al[i] - changes[i]:dot(d) * ro[i], steps[i]) end
end

-- Returns x, the values (the first one from before), and the number of evaluations.
return function(opfunc, x, config, state)
  config, state = arguments('lbfgs', opfunc, x, config, state)
  local maxIter = config.maxIter or 20
  local maxEval = config.maxEval or maxIter * 1.25
  local tolFun, tolX = config.tolFun or 1e-5, config.tolX or 1e-9
  local nCorrection = config.nCorrection or 100
  local lineSearch, lineSearchOptions = config.lineSearch, config.lineSearchOptions
  local learningRate = config.learningRate or 1
  local function say(text)
    if config.verbose then print('<optim.lbfgs> ' .. text) end
  end

  state.funcEval, state.nIter = state.funcEval or 0, state.nIter or 0
  local f, g = opfunc(x)
  if type(f) ~= 'number' and not torch.isTensor(f) then  -- a single iteration takes a tensor
    error('optim.lbfgs: value (first result of opfunc): expected number, got ' .. torch.type(f), 2)
  end
  if not torch.isTensor(g) or g:dim() ~= 1 or g:nElement() ~= x:nElement() then
    local got = torch.type(g)
    if torch.isTensor(g) then got = ('%s of %d dimensions and %d elements'):format(got, g:dim(), g:nElement()) end
    error(('optim.lbfgs: gradient (second result of opfunc): expected 1D with %d elements like x, got %s'):format(
          x:nElement(), got), 2)
  end
  local values = {f}
  local evaluations = 1
  state.funcEval = state.funcEval + 1

  local tmp1 = state.tmp1 or g.new()
  local function sumOfMagnitudes(v, factor) return tmp1:resizeAs(v):copy(v):mul(factor):abs():sum() end
  if sumOfMagnitudes(g, 1) <= tolFun then
    say 'optimality condition below tolFun'
    return x, values
  end

  if not state.dir_bufs then say 'creating recyclable direction/step/history buffers' end
  local history = {
    steps = state.old_dirs or {}, changes = state.old_stps or {},
    freeSteps = state.dir_bufs or {}, freeChanges = state.stp_bufs or {},
  }
  local ro, al = state.ro or torch.Tensor(nCorrection), state.al or torch.Tensor(nCorrection)
  local d, t = state.d or g.new(), state.t or 0  -- an earlier call may have ended before its first step
  local g_old, f_old, Hdiag = state.g_old or g.new(), state.f_old, state.Hdiag

  local nIter = 0
  while nIter < maxIter do
    nIter = nIter + 1
    state.nIter = state.nIter + 1
    if state.nIter == 1 then
      d:resizeAs(g):copy(g):mul(-1)
      history.steps, history.changes = {}, {}
      Hdiag = 1
    else
      local y = table.remove(history.freeChanges) or g.new()
      local s = table.remove(history.freeSteps) or g.new()
      y:resizeAs(g):copy(g):add(-1, g_old)
      s:resizeAs(d):copy(d):mul(t)
      local ys = y:dot(s)
      if ys > 1e-10 then
        remember(history, y, s, nCorrection)
        Hdiag = ys / y:dot(y)
      else
        table.insert(history.freeChanges, y)
        table.insert(history.freeSteps, s)
      end
      direction(d, g, history, Hdiag, ro, al)
    end
    g_old:resizeAs(g):copy(g)
    f_old = f

    local gtd = g:dot(d)
    if gtd > -tolX then break end
    t = learningRate
    if state.nIter == 1 then t = math.min(1, 1 / sumOfMagnitudes(g, 1)) * learningRate end

    local evaluationsNow = 0
    if lineSearch then
      f, g, x, t, evaluationsNow = lineSearch(opfunc, x, t, d, f, g, gtd, lineSearchOptions)
      values[#values + 1] = f
    else
      x:add(t, d)
      if nIter ~= maxIter then  -- nobody would use the last gradient
        f, g = opfunc(x)
        evaluationsNow = 1
        values[#values + 1] = f
      end
    end
    evaluations = evaluations + evaluationsNow
    state.funcEval = state.funcEval + evaluationsNow

    local reason
    if nIter == maxIter then
      reason = 'reached max number of iterations'
    elseif evaluations >= maxEval then
      reason = 'max nb of function evals'
    elseif sumOfMagnitudes(g, 1) <= tolFun then
      reason = 'optimality condition below tolFun'
    elseif sumOfMagnitudes(d, t) <= tolX then
      reason = 'step size below tolX'
    elseif math.abs(f - f_old) < tolX then
      reason = 'function value changing less than tolX'
    end
    if reason then
      say(reason)
      break
    end
  end

  state.old_dirs, state.old_stps = history.steps, history.changes
  state.dir_bufs, state.stp_bufs = history.freeSteps, history.freeChanges
  state.ro, state.al, state.tmp1 = ro, al, tmp1
  state.Hdiag, state.g_old, state.f_old, state.t, state.d = Hdiag, g_old, f_old, t, d
  return x, values, evaluations
end
