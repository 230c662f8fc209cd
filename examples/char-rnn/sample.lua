-- Lets a network trained by train.lua write: th sample.lua char-rnn.t7 -length 1000 -temperature 0.7
require 'torch'
package.path = paths.dirname(paths.thisfile()) .. '/?.lua;' .. package.path
require 'nn'
local model = require 'model'
local text = require 'text'

local cmd = torch.CmdLine()
cmd:text('Prints text that a trained network makes up.')
cmd:argument('-checkpoint', 'what train.lua saved')
cmd:option('-length', 600, 'number of characters')
cmd:option('-temperature', 0.6, 'below 1 more likely, above 1 more surprising characters; 0: always the likeliest')
cmd:option('-prime', '', 'what comes before; a new line when empty')
cmd:option('-seed', 1, 'of the random numbers')
local options = cmd:parse(arg)

torch.manualSeed(options.seed)
torch.setdefaulttensortype('torch.FloatTensor')
local checkpoint = torch.load(options.checkpoint)
local net, alphabet = checkpoint.net, checkpoint.alphabet
net:evaluate()
model.forget(net)

-- The position in the alphabet of a character drawn from logarithms of probabilities [1 x nCharacter].
local function draw(logProbabilities)
  if options.temperature == 0 then
    local _, best = logProbabilities:max(2)
    return best[1][1]
  end
  local scaled = logProbabilities:double():div(options.temperature)
  local weights = scaled:add(-scaled:max()):exp()
  return torch.multinomial(weights, 1)[1][1]
end

local prime = options.prime
if prime == '' then prime = alphabet:find('\n', 1, true) and '\n' or alphabet:sub(1, 1) end
local codes, output = text.encode(prime, alphabet), nil
for k = 1, codes:size(1) do output = net:forward(codes:narrow(1, k, 1):view(1, 1)) end
io.write(options.prime)
for _ = 1, options.length do
  local code = draw(output)
  io.write(alphabet:sub(code, code))
  output = net:forward(torch.LongTensor(1, 1):fill(code))
end
io.write('\n')
