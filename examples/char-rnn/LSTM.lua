-- nn.LSTMLayer: a long short-term memory over a whole sequence, with its gradient, written in Lua.
-- Hochreiter and Schmidhuber, Long Short-Term Memory (1997); forget gate: Gers et al. (2000).
--
--   i, f, o = sigmoid(W x + U h + b), g = tanh(W x + U h + b)    the gates, from the input x and the last state h
--   c' = f * c + i * g                                           the cell
--   h' = o * tanh(c')                                            the state, which is the output
--
-- Input [nStep x batch x inputSize], output [nStep x batch x hiddenSize].
-- What does not depend on the step before is one large product for all steps: of a step itself, one product is left.
require 'nn'

local LSTMLayer, parent = torch.class('nn.LSTMLayer', 'nn.Module')

function LSTMLayer:__init(inputSize, hiddenSize)
  parent.__init(self)
  self.inputSize, self.hiddenSize = inputSize, hiddenSize
  -- The rows of `weight` are W's and then U's, the columns and `bias` are those of i, f, o and g, in this order.
  self.weight = torch.Tensor(inputSize + hiddenSize, 4 * hiddenSize)
  self.bias = torch.Tensor(4 * hiddenSize)
  self.gradWeight = torch.Tensor(inputSize + hiddenSize, 4 * hiddenSize):zero()
  self.gradBias = torch.Tensor(4 * hiddenSize):zero()
  self.remembers = false
  self:clearState()
  self:reset()
end

function LSTMLayer:reset(stdv)
  local bound = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.hiddenSize)
  self.weight:uniform(-bound, bound)
  self.bias:zero()
  self:gate(self.bias, 2):fill(1)  -- keep the cell at first: a gradient then reaches back over many steps
end

-- The part of a tensor's last dimension that belongs to gate k: 1 to 4 are i, f, o and g.
function LSTMLayer:gate(x, k)
  return x:narrow(x:dim(), (k - 1) * self.hiddenSize + 1, self.hiddenSize)
end

-- The rows of a weight that multiply the input, and those that multiply the last state.
function LSTMLayer:split(weight)
  return weight:narrow(1, 1, self.inputSize), weight:narrow(1, self.inputSize + 1, self.hiddenSize)
end

-- Whether a sequence starts from the state that the one before ended in, or from zero. Text is one long sequence that
-- is read piece by piece.
function LSTMLayer:remember(remembers)
  self.remembers = remembers
  return self
end

function LSTMLayer:forget()
  self.lastState, self.lastCell = nil, nil
end

-- states[1] and cells[1] are those before the first step, states[t + 1] and cells[t + 1] those after step t.
function LSTMLayer:start(nStep, batch)
  local size = self.hiddenSize
  self.states:resize(nStep + 1, batch, size)
  self.cells:resize(nStep + 1, batch, size)
  if self.remembers and self.lastState and self.lastState:size(1) == batch then
    self.states[1]:copy(self.lastState)
    self.cells[1]:copy(self.lastCell)
  else
    self.states[1]:zero()
    self.cells[1]:zero()
  end
end

function LSTMLayer:updateOutput(input)
  local nStep, batch, size = input:size(1), input:size(2), self.hiddenSize
  local inputWeight, stateWeight = self:split(self.weight)
  self:start(nStep, batch)
  local gates = self.gates:resize(nStep, batch, 4 * size)
  local squashed = self.squashed:resize(nStep, batch, size)

  gates:copy(self.bias:view(1, 1, 4 * size):expandAs(gates))
  gates:view(nStep * batch, 4 * size):addmm(input:view(nStep * batch, self.inputSize), inputWeight)
  for t = 1, nStep do
    local gate, cell = gates[t], self.cells[t + 1]
    gate:addmm(self.states[t], stateWeight)
    gate:narrow(2, 1, 3 * size):sigmoid()
    self:gate(gate, 4):tanh()
    cell:cmul(self:gate(gate, 2), self.cells[t])
    cell:addcmul(self:gate(gate, 1), self:gate(gate, 4))
    squashed[t]:tanh(cell)
    self.states[t + 1]:cmul(self:gate(gate, 3), squashed[t])
  end

  if self.remembers then
    self.lastState = (self.lastState or input.new()):resize(batch, size):copy(self.states[nStep + 1])
    self.lastCell = (self.lastCell or input.new()):resize(batch, size):copy(self.cells[nStep + 1])
  end
  return self.output:set(self.states:narrow(1, 2, nStep))
end

-- The derivatives of the gates by what they are sums of, times the factor that each is multiplied by on its way to the
-- cell or the state: for all steps at once, since none depends on a gradient.
function LSTMLayer:slopes(nStep)
  local size = self.hiddenSize
  local i, f = self:gate(self.gates, 1), self:gate(self.gates, 2)
  local o, g = self:gate(self.gates, 3), self:gate(self.gates, 4)
  local slopes = self.gradGates:resizeAs(self.gates)
  local sigmoids = self.gates:narrow(3, 1, 3 * size)
  torch.cmul(slopes, self.gates, self.gates):mul(-1)
  slopes:narrow(3, 1, 3 * size):add(sigmoids)  -- s' = s - s^2
  self:gate(slopes, 4):add(1)                  -- tanh' = 1 - tanh^2
  self:gate(slopes, 1):cmul(g)
  self:gate(slopes, 2):cmul(self.cells:narrow(1, 1, nStep))
  self:gate(slopes, 3):cmul(self.squashed)
  self:gate(slopes, 4):cmul(i)

  local cellSlopes = self.cellSlopes:resizeAs(self.squashed)  -- of the state by the cell
  cellSlopes:cmul(self.squashed, self.squashed):mul(-1):add(1):cmul(o)
  return slopes, cellSlopes, f
end

function LSTMLayer:updateGradInput(input, gradOutput)
  local nStep, batch, size = input:size(1), input:size(2), self.hiddenSize
  local inputWeight, stateWeight = self:split(self.weight)
  local gradGates, cellSlopes, forgets = self:slopes(nStep)
  local gradState = self.gradState:resize(batch, size):zero()
  local gradCell = self.gradCell:resize(batch, size):zero()

  for t = nStep, 1, -1 do
    local gradGate = gradGates[t]
    gradState:add(gradOutput[t])
    gradCell:addcmul(gradState, cellSlopes[t])
    self:gate(gradGate, 1):cmul(gradCell)
    self:gate(gradGate, 2):cmul(gradCell)
    self:gate(gradGate, 3):cmul(gradState)
    self:gate(gradGate, 4):cmul(gradCell)
    gradCell:cmul(forgets[t])
    gradState:mm(gradGate, stateWeight:t())
  end

  self.gradInput:resizeAs(input):view(nStep * batch, self.inputSize)
    :mm(gradGates:view(nStep * batch, 4 * size), inputWeight:t())
  return self.gradInput
end

function LSTMLayer:accGradParameters(input, _, scale)
  local nStep, batch, size = input:size(1), input:size(2), self.hiddenSize
  local gradInputWeight, gradStateWeight = self:split(self.gradWeight)
  local gradGates = self.gradGates:view(nStep * batch, 4 * size)
  local before = self.states:narrow(1, 1, nStep):view(nStep * batch, size)
  gradInputWeight:addmm(scale or 1, input:view(nStep * batch, self.inputSize):t(), gradGates)
  gradStateWeight:addmm(scale or 1, before:t(), gradGates)
  self.gradBias:add(scale or 1, gradGates:sum(1))
end

-- Drops what a forward and backward pass leave behind: a checkpoint needs none of it.
function LSTMLayer:clearState()
  for _, name in ipairs {'states', 'cells', 'gates', 'squashed', 'gradGates', 'cellSlopes', 'gradState', 'gradCell'} do
    self[name] = self.weight.new()
  end
  self:forget()
  return parent.clearState(self)
end

function LSTMLayer:__tostring__()
  return ('%s(%d -> %d)'):format(torch.type(self), self.inputSize, self.hiddenSize)
end

return LSTMLayer
