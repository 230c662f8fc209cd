-- Compares the gradients of char-rnn's LSTM with finite differences, and its memory with one long sequence.
package.path = os.getenv('CRESSET_SOURCE_DIR') .. '/examples/char-rnn/?.lua;' .. package.path
require 'LSTM'

torch.manualSeed(1)
local function check(what, difference)
  if difference > 1e-6 then error(('%s is off by %g'):format(what, difference)) end
end

local layer, x = nn.LSTMLayer(3, 4), torch.Tensor(5, 2, 3)
check('the gradient by the input', nn.Jacobian.testJacobian(layer, x))
check('the gradient by the weight', nn.Jacobian.testJacobianParameters(layer, x, layer.weight, layer.gradWeight))
check('the gradient by the bias', nn.Jacobian.testJacobianParameters(layer, x, layer.bias, layer.gradBias))

-- Two halves, with the state remembered, are the whole.
local long = torch.randn(6, 2, 3)
local whole = layer:forward(long):clone()
layer:remember(true)
local first = layer:forward(long:narrow(1, 1, 3)):clone()
local second = layer:forward(long:narrow(1, 4, 3)):clone()
check('a sequence in two pieces', (torch.cat(first, second, 1) - whole):abs():max())
layer:forget()
check('a sequence after forgetting', (layer:forward(long) - whole):abs():max())
