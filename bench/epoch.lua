-- An epoch of LeNet on as many images as MNIST has, of its size, in random order. The images are noise: the time does
-- not depend on them. One run a round, for it takes seconds.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
require 'timing'
local nets = require 'nets'
require 'optim'

local nImage = tonumber(os.getenv('CRESSET_BENCH_IMAGES') or 60000)
local data, labels = torch.rand(nImage, 1, 28, 28), torch.LongTensor(nImage):random(1, 10):float()
local net, criterion = nets.lenet(), nn.ClassNLLCriterion()
local parameters, gradParameters = net:getParameters()
local state = {learningRate = 0.01, momentum = 0.9, dampening = 0}

local timer = torch.Timer()
local shuffle = torch.randperm(nImage):long()
for first = 1, nImage, 128 do
  local indices = shuffle:narrow(1, first, math.min(128, nImage - first + 1))
  local x, y = data:index(1, indices), labels:index(1, indices)
  local function feval()
    gradParameters:zero()
    local output = net:forward(x)
    local loss = criterion:forward(output, y)
    net:backward(x, criterion:backward(output, y))
    return loss, gradParameters
  end
  optim.sgd(feval, parameters, state)
end
io.write(('bench=lenet_epoch_%d median_ms=%.6f goal=1\n'):format(nImage, timer:time().real * 1e3))
