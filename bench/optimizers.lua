-- One update of 10^7 parameters.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'
require 'optim'

local x, g = torch.rand(10000000), torch.rand(10000000)
local function feval() return 0, g end
local function row(name, method, config, goal)
  local state = {}
  timing.row(name, function() method(feval, x, config, state) end, goal)
end

row('adam_1e7', optim.adam, {learningRate = 1e-3}, 4)
row('sgd_1e7', optim.sgd, {learningRate = 0.1})
row('sgd_momentum_1e7', optim.sgd, {learningRate = 0.1, momentum = 0.9, dampening = 0})
