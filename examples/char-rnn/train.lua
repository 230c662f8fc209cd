-- Trains a network to predict the next character of a text, and saves it as it goes.
--   th train.lua                     on the sources of this project
--   th train.lua -data book.txt      on any text
--   th sample.lua char-rnn.t7        lets it write
require 'torch'
local here = paths.dirname(paths.thisfile())
package.path = here .. '/?.lua;' .. package.path
require 'nn'
require 'optim'
local model = require 'model'
local text = require 'text'

local cmd = torch.CmdLine()
cmd:text('Trains a character model on a text.')
cmd:option('-data', '', 'a text file; the sources of this project when empty')
cmd:option('-checkpoint', 'char-rnn.t7', 'where to save the network')
cmd:option('-hidden', 256, 'size of the state of an LSTM layer')
cmd:option('-layers', 1, 'number of LSTM layers')
cmd:option('-embedding', 64, 'size of the vector that stands for a character')
cmd:option('-batch', 64, 'number of places in the text that are read side by side')
cmd:option('-length', 50, 'number of characters that a gradient reaches back')
cmd:option('-learningRate', 0.004, 'of Adam, at first; it falls to zero')
cmd:option('-clip', 5, 'largest norm of a gradient')
cmd:option('-epochs', 50, 'end after so many passes over the text')
cmd:option('-seconds', 90, 'or after so much time; 0: however long it takes')
cmd:option('-validation', 0.05, 'fraction of the text that is only for validation')
cmd:option('-report', 5, 'seconds between two lines of progress')
cmd:option('-save', 30, 'seconds between two validations, each with its checkpoint')
cmd:option('-seed', 1, 'of the random numbers')
cmd:option('-threads', 0, 'number of threads; 0: all cores')
local options = cmd:parse(arg)

torch.manualSeed(options.seed)
torch.setdefaulttensortype('torch.FloatTensor')
if options.threads > 0 then torch.setnumthreads(options.threads) end

-- The text.
local content = options.data == '' and text.ofSources(here .. '/../..') or text.ofFile(options.data)
local alphabet = text.alphabet(content)
local codes = text.encode(content, alphabet)
local nValidation = math.floor(options.validation * codes:size(1))
local nTraining = codes:size(1) - nValidation
if nValidation < 2 or nTraining < 2 then error('the text is too short: ' .. #content .. ' characters', 0) end
local training = text.pieces(codes:narrow(1, 1, nTraining), math.min(options.batch, nTraining - 1), options.length)
local validation = text.pieces(codes:narrow(1, nTraining + 1, nValidation),
                               math.min(options.batch, math.ceil(nValidation / options.length)), options.length)
local entropy = text.unigramEntropy(codes, #alphabet)
print(('text: %d characters, %d different; %d for training, %d for validation'):format(
  codes:size(1), #alphabet, nTraining, nValidation))
print(('unigram entropy: %.3f nats per character'):format(entropy))

-- The network.
local net = model.new(#alphabet, options)
local criterion = nn.ClassNLLCriterion()
local parameters, gradParameters = net:getParameters()
print(net)
print(('%d parameters'):format(parameters:nElement()))

local timer = torch.Timer()
local nStep = options.epochs * #training

-- How much of the training is done, from 0 to 1: by the work or by the time, whichever ends first.
local function progress(step)
  local byTime = options.seconds > 0 and timer:time().real / options.seconds or 0
  return math.min(1, math.max(step / nStep, byTime))
end

local function save(loss)
  net:clearState()
  torch.save(options.checkpoint, {net = net, alphabet = alphabet, options = options, loss = loss})
end

local function duration(seconds)
  return ('%d:%02d'):format(math.floor(seconds / 60), math.floor(seconds % 60))
end

local config, state = {}, {}
local piece

local function feval()
  gradParameters:zero()
  local output, target = net:forward(piece[1]), piece[2]:view(-1)
  local loss = criterion:forward(output, target)
  net:backward(piece[1], criterion:backward(output, target))
  local norm = gradParameters:norm()
  if norm > options.clip then gradParameters:mul(options.clip / norm) end
  return loss, gradParameters
end

local step, done = 0, 0
local lossSum, nLoss, characters = 0, 0, 0
local lastReport, lastSave = 0, 0
net:training()
while done < 1 do
  if step % #training == 0 then model.forget(net) end  -- the text starts again
  piece = training[step % #training + 1]
  config.learningRate = options.learningRate * 0.5 * (1 + math.cos(math.pi * done))
  local _, losses = optim.adam(feval, parameters, config, state)

  step = step + 1
  done = progress(step)
  lossSum, nLoss, characters = lossSum + losses[1], nLoss + 1, characters + piece[2]:nElement()
  local now = timer:time().real
  if now - lastReport >= options.report or done == 1 then
    print(('epoch %6.2f   loss %.3f   %6.0f characters/s   time %s   left %s'):format(
      step / #training, lossSum / nLoss, characters / (now - lastReport), duration(now),
      duration(now * (1 - done) / done)))
    lossSum, nLoss, characters, lastReport = 0, 0, 0, now
  end
  if now - lastSave >= options.save and done < 1 then
    local loss = model.loss(net, criterion, validation)
    save(loss)
    print(('validation loss: %.3f nats per character; saved %s'):format(loss, options.checkpoint))
    lastSave = now
    lastReport = lastReport + timer:time().real - now  -- validating is no training time
  end
end

local loss = model.loss(net, criterion, validation)
save(loss)
print(('unigram entropy: %.3f nats per character'):format(entropy))
print(('final validation loss: %.3f nats per character; saved %s'):format(loss, options.checkpoint))
