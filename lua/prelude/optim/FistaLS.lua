-- optim.FistaLS: minimises f + g, where f is smooth and g has a proximal step, by (F)ISTA with backtracking
-- (Beck and Teboulle 2009).

-- f(y, 'dx') returns value and gradient of the smooth part, f(y) its value; g(y) the value of the rest; pl(y, L) makes
-- the proximal step of g with constant L in place. Starts from zeros; xinit receives the result.
-- Returns the point and an array of what happened in each iteration.
return function(f, g, pl, xinit, params)
  for i, argument in ipairs{{'f', f}, {'g', g}, {'pl', pl}} do
    if type(argument[2]) ~= 'function' then
      error(('optim.FistaLS: argument %d (%s): expected function, got %s'):format(i, argument[1],
                                                                                  torch.type(argument[2])), 2)
    end
  end
  if not torch.isTensor(xinit) then
    error('optim.FistaLS: argument 4 (xinit): expected torch.*Tensor, got ' .. torch.type(xinit), 2)
  end
  params = params or {}
  local L = params.L or 0.1
  local Lstep = params.Lstep or 1.5
  local maxiter, maxline = params.maxiter or 50, params.maxline or 20
  local errthres = params.errthres or 1e-4

  local function buffer(name)
    params[name] = params[name] or xinit.new()
    return params[name]:resizeAs(xinit):zero()
  end
  local xk, xkm, y, ply = xinit:zero(), buffer 'xkm', buffer 'y', buffer 'ply'
  local change = xinit.new()
  local history = {}
  local tk, before = 1, nil
  for niter = 1, maxiter do
    local fy, gfy = f(y, 'dx')
    local fply, gply, Q
    local nline, accepted = 0, false
    repeat
      nline = nline + 1
      ply:copy(y):add(-1 / L, gfy)
      pl(ply, L)
      fply, gply = f(ply), g(ply)
      change:resizeAs(ply):copy(ply):add(-1, y)
      Q = fy + gfy:dot(change) + L / 2 * change:dot(change) + gply
      accepted = fply + gply <= Q
      if not accepted and nline < maxline then L = L * Lstep end
    until accepted or nline >= maxline
    if not accepted then  -- no step is small enough: stay
      ply:copy(xk)
      fply, gply = f(ply), g(ply)
    end

    xkm:copy(xk)
    xk:copy(ply)
    y:copy(xk)
    if params.doFistaUpdate then
      local tkp = (1 + math.sqrt(1 + 4 * tk * tk)) / 2
      y:add((1 - tk) / tkp, xkm:add(-1, xk))
      tk = tkp
    end

    local F = fply + gply
    history[niter] = {nline = nline, L = L, F = F, Fply = fply, Gply = gply, Q = Q}
    if params.verbose then
      history[niter].xk, history[niter].y = xk:clone(), y:clone()
      print(('<optim.FistaLS> iteration %d: %d line searches, L = %g, F = %g'):format(niter, nline, L, F))
    end
    if before and math.abs(before - F) <= errthres then break end
    before = F
  end
  params.L = L
  return y, history
end
