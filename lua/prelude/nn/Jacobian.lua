-- nn.Jacobian: gradients of modules against finite differences. Jacobians have a row for each element of the input (or
-- of the parameter `param`) and a column for each element of the output.
-- Not yet: the checks of second derivatives, which need nn.hessian.
local torch = require 'torch'
local fail = require 'nn.fail'

local Jacobian = {}

-- A 1-D view of all elements.
local function flat(x)
  if not x:isContiguous() then fail('nn.Jacobian: expected contiguous tensors') end
  return x.new(x:storage(), x:storageOffset(), x:nElement())
end

local function randomize(x, min, max)
  min, max = min or -2, max or 2
  x:copy(torch.rand(x:nElement()):mul(max - min):add(min):viewAs(x))
end

-- Calls visit(i, gradOutput) for each element i of the output, with a gradient that is 1 there and 0 elsewhere.
local function eachUnitGradient(module, input, visit)
  local gradOutput = module:forward(input):clone()
  local elements = flat(gradOutput)
  for i = 1, elements:nElement() do
    elements:zero()
    elements[i] = 1
    visit(i, gradOutput)
  end
end

-- Analytic: from the module's gradient by its input, or from what `dparam` receives, the gradient of `param`.
function Jacobian.backward(module, input, param, dparam)
  local jacobian = torch.Tensor((param or input):nElement(), module:forward(input):nElement())
  eachUnitGradient(module, input, function(i, gradOutput)
    module:zeroGradParameters()
    local gradInput = module:updateGradInput(input, gradOutput)
    module:accGradParameters(input, gradOutput)
    jacobian:select(2, i):copy(dparam or gradInput)
  end)
  return jacobian
end

-- What `param` becomes after an update with learning rate 1, for each element of the output.
function Jacobian.backwardUpdate(module, input, param)
  local jacobian = torch.Tensor(param:nElement(), module:forward(input):nElement())
  local all = module:parameters()
  local originals = {}
  for i, parameter in ipairs(all) do originals[i] = parameter:clone() end
  eachUnitGradient(module, input, function(i, gradOutput)
    for k, parameter in ipairs(all) do parameter:copy(originals[k]) end
    module:forward(input)
    module:updateGradInput(input, gradOutput)
    module:accUpdateGradParameters(input, gradOutput, 1)
    jacobian:select(2, i):copy(param)
  end)
  for k, parameter in ipairs(all) do parameter:copy(originals[k]) end
  return jacobian
end

-- Numeric: central differences. Changes `param` in place, and restores it.
function Jacobian.forward(module, input, param, perturbation)
  param = param or input
  perturbation = perturbation or 1e-6
  local elements = flat(param)
  local jacobian = torch.Tensor(param:nElement(), module:forward(input):nElement())
  local outputs = torch.Tensor(2, jacobian:size(2))
  for i = 1, elements:nElement() do
    local original = elements[i]
    elements[i] = original + perturbation
    outputs[1]:copy(module:forward(input))
    elements[i] = original - perturbation
    outputs[2]:copy(module:forward(input))
    elements[i] = original
    jacobian[i]:copy(outputs[1]):add(-1, outputs[2]):div(2 * perturbation)
  end
  return jacobian
end

-- Numeric counterpart of backwardUpdate: an update with learning rate 1 subtracts the gradient.
function Jacobian.forwardUpdate(module, input, param, perturbation)
  local jacobian = Jacobian.forward(module, input, param, perturbation):neg()
  return jacobian:add(torch.Tensor(param:nElement(), 1):copy(param):expandAs(jacobian))
end

local function largestDifference(a, b)
  if a:nElement() == 0 then return 0 end
  return (a - b):abs():max()
end

-- These fill the input, and the parameter where there is one, with numbers from [min, max] (default [-2, 2]), and
-- return the largest difference between both Jacobians.
function Jacobian.testJacobian(module, input, min, max, perturbation)
  randomize(input, min, max)
  local analytic = Jacobian.backward(module, input)
  return largestDifference(analytic, Jacobian.forward(module, input, nil, perturbation))
end

function Jacobian.testJacobianParameters(module, input, param, dparam, min, max, perturbation)
  randomize(input, min, max)
  randomize(param, min, max)
  local analytic = Jacobian.backward(module, input, param, dparam)
  return largestDifference(analytic, Jacobian.forward(module, input, param, perturbation))
end

function Jacobian.testJacobianUpdateParameters(module, input, param, min, max, perturbation)
  randomize(input, min, max)
  randomize(param, min, max)
  local updated = Jacobian.backwardUpdate(module, input, param)
  return largestDifference(updated, Jacobian.forwardUpdate(module, input, param, perturbation))
end

-- Saves the module and loads it again. Returns the largest differences of output and gradInput before and after.
function Jacobian.testIO(module, input, min, max)
  randomize(input, min, max)
  local gradOutput = module:forward(input):clone()
  randomize(gradOutput, min, max)
  local function run(m)
    local output = m:forward(input):clone()
    m:zeroGradParameters()
    local gradInput = m:updateGradInput(input, gradOutput)
    m:accGradParameters(input, gradOutput)
    return output, gradInput and gradInput:clone()
  end

  local output, gradInput = run(module)
  if not rawequal(module:clearState(), module) then fail('clearState did not return self') end
  local restored = torch.deserialize(torch.serialize(module), 'binary', {functions = true})
  local restoredOutput, restoredGradInput = run(restored)
  return largestDifference(output, restoredOutput),
         gradInput and largestDifference(gradInput, restoredGradInput) or 0
end

-- Errors of each way in which a parameter, the field `weight`, gets its gradient, the field `gradWeight`: at once, by
-- an update, and both with the parameter shared by a second module.
function Jacobian.testAllUpdate(module, input, weight, gradWeight)
  local learningRate = torch.uniform(0.1, 1)
  local errors = {}

  -- What one backward pass adds.
  local function accumulated(m, ...)
    for _, other in ipairs {m, ...} do other:zeroGradParameters() end
    for _, other in ipairs {m, ...} do
      local output = other:forward(input)
      local gradOutput = output.new():resize(output:size()):fill(1)
      other:updateGradInput(input, gradOutput)
      other:accGradParameters(input, gradOutput)
    end
    return m[gradWeight]:clone()
  end
  local function updated(m, ...)
    for _, other in ipairs {m, ...} do
      local output = other:forward(input)
      local gradOutput = output.new():resize(output:size()):fill(1)
      other:updateGradInput(input, gradOutput)
      other:accUpdateGradParameters(input, gradOutput, learningRate)
    end
    return m[weight]
  end
  local function difference(a, b) return (a - b):norm() end
  -- Shares parameters and gradients with m.
  local function sibling(m) return m:clone(weight, gradWeight) end

  -- Twice the same input accumulates twice the gradient, and an update subtracts it.
  local m = module:clone()
  local once = accumulated(m)
  local twice = accumulated(m, m)
  errors.accGradParameters = difference(twice, once * 2)

  m = module:clone()
  local expected = m[weight] - once * learningRate
  errors.accUpdateGradParameters = difference(updated(m), expected)

  m = module:clone()
  errors['accGradParameters [shared]'] = difference(accumulated(m, sibling(m)), once * 2)

  -- The second module computes its gradient with what the first one's update left.
  m = module:clone()
  local reference = module:clone()
  for _ = 1, 2 do
    local gradient = accumulated(reference)
    reference[weight]:add(-learningRate, gradient)
  end
  errors['accUpdateGradParameters [shared]'] = difference(updated(m, sibling(m)), reference[weight])
  return errors
end

return Jacobian
