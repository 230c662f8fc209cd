-- optim.checkgrad: compares a gradient with central differences.
-- Returns |dC - estimate| / |dC + estimate|, dC and the estimate. dC is opfunc's own tensor: an opfunc that returns
-- the same one again must be asked for a copy.
return function(opfunc, x, eps)
  eps = eps or 1e-7
  if not torch.isTensor(x) or x:dim() ~= 1 then
    error('optim.checkgrad: argument 2 (x): expected a tensor of 1 dimension, got ' ..
          (torch.isTensor(x) and x:dim() .. ' dimensions' or torch.type(x)), 2)
  end
  local function value()
    local f = opfunc(x)
    return torch.isTensor(f) and f[1] or f
  end

  local _, dC = opfunc(x)
  if not torch.isTensor(dC) or dC:nElement() ~= x:nElement() then
    error('optim.checkgrad: gradient (second result of opfunc): expected as many elements as x has, ' ..
          x:nElement() .. ', got ' .. (torch.isTensor(dC) and dC:nElement() or torch.type(dC)), 2)
  end
  dC:resize(x:size())
  local estimate = dC.new(x:size())
  for i = 1, x:size(1) do
    local before = x[i]
    x[i] = before + eps
    local above = value()
    x[i] = before - eps
    local below = value()
    x[i] = before
    estimate[i] = (above - below) / (2 * eps)
  end
  return torch.norm(dC - estimate) / torch.norm(dC + estimate), dC, estimate
end
