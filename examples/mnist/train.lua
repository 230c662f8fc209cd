-- Trains LeNet on the handwritten digits of MNIST.
--   th train.lua -data FOLDER     with the four IDX files, as they are distributed (.gz) or unpacked
require 'torch'
require 'nn'
require 'optim'
require 'xlua'
package.path = paths.dirname(paths.thisfile()) .. '/?.lua;' .. package.path
local idx = require 'idx'

local cmd = torch.CmdLine()
cmd:text('Trains LeNet on MNIST.')
cmd:option('-data', 'mnist', 'folder with the IDX files')
cmd:option('-save', 'mnist-logs', 'folder for the network and the log')
cmd:option('-epochs', 5, 'number of passes over the training set')
cmd:option('-batchSize', 128, 'number of images in a step')
cmd:option('-learningRate', 0.05, 'at first; it falls to a tenth over the training')
cmd:option('-momentum', 0.9, 'of the gradient')
cmd:option('-weightDecay', 1e-4, 'L2 penalty')
cmd:option('-size', 0, 'use only so many training images and as many test images; 0: all')
cmd:option('-seed', 1, 'of the random numbers')
cmd:option('-threads', 0, 'number of threads; 0: all cores')
cmd:option('-gpu', false, 'train on the GPU')
cmd:option('-progress', false, 'show a progress bar')
local opt = cmd:parse(arg)

torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')
if opt.threads > 0 then torch.setnumthreads(opt.threads) end
local tensorType = 'torch.FloatTensor'
if opt.gpu then
  local found, message = pcall(function()
    require 'cutorch'
    require 'cunn'
  end)
  if not found then error('-gpu: ' .. tostring(message), 0) end
  cutorch.manualSeed(opt.seed)
  tensorType = 'torch.CudaTensor'
end

-- Images [n x 1 x 28 x 28], normalised as the training set is, and labels 1 to 10 for the digits 0 to 9.
local function load(name)
  local images = idx.read(paths.concat(opt.data, name .. '-images-idx3-ubyte')):float()
  local labels = idx.read(paths.concat(opt.data, name .. '-labels-idx1-ubyte')):float():add(1)
  local n = opt.size > 0 and math.min(opt.size, images:size(1)) or images:size(1)
  images, labels = images:narrow(1, 1, n), labels:narrow(1, 1, n)
  return {data = images:view(n, 1, images:size(2), images:size(3)), labels = labels, size = n}
end

local trainset, testset = load('train'), load('t10k')
paths.mkdir(opt.save)
local mean, std = trainset.data:mean(), trainset.data:std()
for _, set in ipairs {trainset, testset} do
  set.data = set.data:add(-mean):div(std):type(tensorType)
  set.labels = set.labels:type(tensorType)
end

-- LeNet: LeCun et al., Gradient-based learning applied to document recognition (1998), with rectifiers.
local net = nn.Sequential()
net:add(nn.SpatialConvolution(1, 20, 5, 5))   -- 20 x 24 x 24
net:add(nn.ReLU(true))
net:add(nn.SpatialMaxPooling(2, 2, 2, 2))     -- 20 x 12 x 12
net:add(nn.SpatialConvolution(20, 50, 5, 5))  -- 50 x 8 x 8
net:add(nn.ReLU(true))
net:add(nn.SpatialMaxPooling(2, 2, 2, 2))     -- 50 x 4 x 4
net:add(nn.View(50 * 4 * 4))
net:add(nn.Linear(50 * 4 * 4, 500))
net:add(nn.ReLU(true))
net:add(nn.Linear(500, 10))
net:add(nn.LogSoftMax())
net.modules[1].gradInput = nil  -- nobody needs the gradient by the images
local criterion = nn.ClassNLLCriterion()
net:type(tensorType)
criterion:type(tensorType)
print(net)

local parameters, gradParameters = net:getParameters()
print(('%d parameters, %d training and %d test images'):format(parameters:nElement(), trainset.size, testset.size))

local confusion = optim.ConfusionMatrix {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}
local logger = optim.Logger(paths.concat(opt.save, 'accuracy.log'))
logger:setNames {'train accuracy (%)', 'test accuracy (%)'}
local state = {momentum = opt.momentum, dampening = 0, weightDecay = opt.weightDecay}

local function train(epoch)
  net:training()
  local timer = torch.Timer()
  local shuffle = torch.randperm(trainset.size):long()
  local nBatch = math.ceil(trainset.size / opt.batchSize)
  local lossSum = 0
  for k = 1, nBatch do
    local first = (k - 1) * opt.batchSize + 1
    local indices = shuffle:narrow(1, first, math.min(opt.batchSize, trainset.size - first + 1))
    local inputs, targets = trainset.data:index(1, indices), trainset.labels:index(1, indices)

    local function feval(x)
      if x ~= parameters then parameters:copy(x) end
      gradParameters:zero()
      local outputs = net:forward(inputs)
      local loss = criterion:forward(outputs, targets)
      net:backward(inputs, criterion:backward(outputs, targets))
      confusion:batchAdd(outputs, targets)
      return loss, gradParameters
    end

    -- From learningRate down to a tenth of it, evenly in the exponent.
    local done = (epoch - 1 + (k - 1) / nBatch) / opt.epochs
    state.learningRate = opt.learningRate * 0.1 ^ done
    local _, losses = optim.sgd(feval, parameters, state)
    lossSum = lossSum + losses[1] * inputs:size(1)
    if opt.progress then xlua.progress(k, nBatch) end
  end
  print(('epoch %d: loss %.4f, %.1f s'):format(epoch, lossSum / trainset.size, timer:time().real))
end

local function test()
  net:evaluate()
  for first = 1, testset.size, opt.batchSize do
    local n = math.min(opt.batchSize, testset.size - first + 1)
    confusion:batchAdd(net:forward(testset.data:narrow(1, first, n)), testset.labels:narrow(1, first, n))
  end
end

-- The accuracy that the matrix holds, in percent. Empties it.
local function accuracy()
  confusion:updateValids()
  local percent = confusion.totalValid * 100
  confusion:zero()
  return percent
end

local best = 0
for epoch = 1, opt.epochs do
  train(epoch)
  local trainAccuracy = accuracy()
  test()
  if epoch == opt.epochs then print(confusion) end
  local testAccuracy = accuracy()
  print(('epoch %d: training accuracy %.2f %%, test accuracy %.2f %%'):format(epoch, trainAccuracy, testAccuracy))
  logger:add {trainAccuracy, testAccuracy}
  if testAccuracy > best then
    best = testAccuracy
    -- Without what a pass leaves behind, and on the CPU: any machine can load it.
    torch.save(paths.concat(opt.save, 'lenet.t7'), net:clone():clearState():float())
  end
end
print(('best test accuracy: %.2f %%; saved %s'):format(best, paths.concat(opt.save, 'lenet.t7')))
