-- The network: characters in, logarithms of the next character's probabilities out.
require 'LSTM'

local model = {}

-- Input [length x batch] of positions in the alphabet, output [length * batch x nCharacter].
function model.new(nCharacter, options)
  local net = nn.Sequential()
  net:add(nn.LookupTable(nCharacter, options.embedding))
  local size = options.embedding
  for _ = 1, options.layers do
    net:add(nn.LSTMLayer(size, options.hidden):remember(true))
    size = options.hidden
  end
  net:add(nn.View(-1, size))
  net:add(nn.Linear(size, nCharacter))
  net:add(nn.LogSoftMax())
  return net
end

-- Starts a new text.
function model.forget(net)
  for _, layer in ipairs((net:findModules('nn.LSTMLayer'))) do layer:forget() end
end

-- The mean loss over a text's pieces, in nats a character.
function model.loss(net, criterion, pieces)
  net:evaluate()
  model.forget(net)
  local sum, count = 0, 0
  for _, piece in ipairs(pieces) do
    local n = piece[2]:nElement()
    sum = sum + criterion:forward(net:forward(piece[1]), piece[2]:view(-1)) * n
    count = count + n
  end
  model.forget(net)
  net:training()
  return sum / count
end

return model
