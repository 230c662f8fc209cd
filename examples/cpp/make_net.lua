-- Makes the network that predict.cpp loads, untrained: th make_net.lua xor.t7
require 'nn'

torch.manualSeed(1)
local net = nn.Sequential()
net:add(nn.Linear(2, 16))
net:add(nn.Tanh())
net:add(nn.Linear(16, 2))
net:add(nn.LogSoftMax())
torch.save(arg[1] or 'xor.t7', net)
