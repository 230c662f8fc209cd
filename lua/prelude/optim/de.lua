-- optim.de: differential evolution (Storn and Price 1997) in the variant DE/best/1/bin.
local arguments = require 'optim.arguments'

-- Two members that are neither the same nor `other`.
local function twoOthers(generator, n, other)
  local a, b
  repeat a = torch.random(generator, n) until a ~= other
  repeat b = torch.random(generator, n) until b ~= other and b ~= a
  return a, b
end

-- Minimises the first result of opfunc within a box; x gives only size and type. Draws come from a generator of its
-- own, so that runs repeat. Returns the best point and the values of all evaluations.
return function(opfunc, x, config, state)
  config = arguments('de', opfunc, x, config, state)
  for _, name in ipairs{'scaleFactor', 'crossoverRate', 'maxFEs'} do
    if type(config[name]) ~= 'number' then
      error(('optim.de: config.%s: expected number, got %s'):format(name, torch.type(config[name])), 2)
    end
  end
  local n = x:nElement()
  local popsize = config.popsize or 10 * n
  local scaleFactor, crossoverRate, maxFEs = config.scaleFactor, config.crossoverRate, config.maxFEs
  local low, high = config.minRegion or -30, config.maxRegion or 30
  if popsize < 3 then error('optim.de: config.popsize: expected at least 3, got ' .. popsize, 2) end

  local generator = torch.Generator()
  torch.manualSeed(generator, 1)
  local fx = torch.Tensor(maxFEs)
  local evaluations = 0
  local function evaluate(point)
    evaluations = evaluations + 1
    local value = opfunc(point)
    fx[evaluations] = value
    return value
  end

  local population, values, best = {}, {}, 1
  for i = 1, math.min(popsize, maxFEs) do
    local member = x.new(n)
    for j = 1, n do member[j] = torch.uniform(generator, low, high) end
    population[i], values[i] = member, evaluate(member)
    if values[i] < values[best] then best = i end
  end
  while evaluations < maxFEs do
    local leader = best
    for i = 1, popsize do
      if evaluations == maxFEs then break end
      local r1, r2 = twoOthers(generator, popsize, i)
      local forced = torch.random(generator, n)  -- one gene changes in any case
      local child = population[i]:clone()
      for j = 1, n do
        if j == forced or torch.uniform(generator, 0, 1) < crossoverRate then
          child[j] = population[leader][j] + scaleFactor * (population[r1][j] - population[r2][j])
        end
      end
      local value = evaluate(child)
      if value <= values[i] then
        population[i], values[i] = child, value
        if value < values[best] then best = i end
      end
    end
  end
  return population[best], fx
end
