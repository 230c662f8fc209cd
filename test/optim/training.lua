-- Whole training runs of the reference results (oracles/training) in double precision: the loss of every step, the
-- first gradients and the final parameters. The LSTM among them is torch-rnn's module and not here.
require 'nn'
require 'optim'
local cases, dataset = paths.dofile('../reference.lua')('training')
if not cases then return end

local count, batch = 200, 20

-- The bytes of one of MNIST's files behind its header.
local function mnist(name, header, bytes)
  local pipe = assert(io.popen(("gzip -dc '%s/mnist/%s.gz'"):format(os.getenv('CRESSET_SHARED_DATA'), name)))
  local text = pipe:read(header + bytes)
  pipe:close()
  return torch.Tensor(torch.ByteStorage():string(text:sub(header + 1)):totable())
end
local digits = mnist('train-images-idx3-ubyte', 16, count * 28 * 28):div(255):view(count, 1, 28, 28)
local labels = mnist('train-labels-idx1-ubyte', 8, count):add(1)

local runs = {
  mlp_sgd = {
    net = nn.Sequential():add(nn.Reshape(784)):add(nn.Linear(784, 32)):add(nn.Tanh()):add(nn.Linear(32, 10))
      :add(nn.LogSoftMax()),
    criterion = nn.ClassNLLCriterion(), method = optim.sgd, config = {learningRate = 0.1},
    parameters = {'w1', 'b1', 'w2', 'b2'},
  },
  cnn_adam = {
    net = nn.Sequential():add(nn.SpatialConvolution(1, 4, 5, 5)):add(nn.Tanh()):add(nn.SpatialMaxPooling(2, 2))
      :add(nn.SpatialConvolution(4, 6, 3, 3)):add(nn.ReLU()):add(nn.SpatialMaxPooling(2, 2)):add(nn.Reshape(150))
      :add(nn.Linear(150, 10)),
    criterion = nn.CrossEntropyCriterion(), method = optim.adam, config = {learningRate = 0.005},
    parameters = {'c1', 'd1', 'c2', 'd2', 'w', 'b'},
  },
  cnn_bn_momentum = {
    net = nn.Sequential():add(nn.SpatialConvolution(1, 5, 5, 5):noBias()):add(nn.SpatialBatchNormalization(5))
      :add(nn.ReLU()):add(nn.SpatialMaxPooling(4, 4)):add(nn.Reshape(180)):add(nn.Linear(180, 10)),
    criterion = nn.CrossEntropyCriterion(), method = optim.sgd,
    config = {learningRate = 0.05, momentum = 0.9, dampening = 0}, parameters = {'c1', 'g', 'e', 'w', 'b'},
  },
}

local tester = torch.Tester()
local test = torch.TestSuite()

local function close(got, expected, label)
  local worst = torch.cdiv(torch.abs(got - expected), torch.cmax(torch.abs(expected), 1)):max()
  tester:assert(worst < 1e-9, ('%s differs by %g'):format(label, worst))
end

for name, run in pairs(runs) do
  test[name] = function()
    local function read(what) return dataset('/' .. name .. '/' .. what) end
    local lists, gradients = run.net:parameters()
    for i, parameter in ipairs(run.parameters) do lists[i]:copy(read('start/' .. parameter)) end
    local x, gx = run.net:getParameters()
    lists, gradients = run.net:parameters()
    local losses = torch.Tensor(cases[name].steps)
    for step = 1, losses:size(1) do
      local first = (step - 1) * batch % count + 1
      local input, target = digits:narrow(1, first, batch), labels:narrow(1, first, batch)
      run.method(function()
        gx:zero()
        local output = run.net:forward(input)
        losses[step] = run.criterion:forward(output, target)
        run.net:backward(input, run.criterion:backward(output, target))
        if step == 1 then
          for i, parameter in ipairs(run.parameters) do
            close(gradients[i], read('first_grad/' .. parameter), name .. ', first gradient of ' .. parameter)
          end
        end
        return losses[step], gx
      end, x, run.config)
    end
    close(losses, read('loss'), name .. ', loss')
    for i, parameter in ipairs(run.parameters) do
      close(lists[i], read('final/' .. parameter), name .. ', final ' .. parameter)
    end
  end
end
tester:add(test):run()
