-- The networks that are timed; nets.py has the same.
require 'nn'

local nets = {}

function nets.mlp()
  local net = nn.Sequential()
  net:add(nn.Linear(784, 512)):add(nn.ReLU())
  net:add(nn.Linear(512, 10)):add(nn.LogSoftMax())
  net.modules[1].gradInput = nil  -- as in PyTorch, which computes no gradient by the data
  return net
end

function nets.lenet()
  local net = nn.Sequential()
  net:add(nn.SpatialConvolution(1, 20, 5, 5)):add(nn.ReLU(true)):add(nn.SpatialMaxPooling(2, 2))
  net:add(nn.SpatialConvolution(20, 50, 5, 5)):add(nn.ReLU(true)):add(nn.SpatialMaxPooling(2, 2))
  net:add(nn.View(800)):add(nn.Linear(800, 500)):add(nn.ReLU(true))
  net:add(nn.Linear(500, 10)):add(nn.LogSoftMax())
  net.modules[1].gradInput = nil
  return net
end

return nets
