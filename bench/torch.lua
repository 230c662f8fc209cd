-- The operations of a Torch script on 10 to 10^7 floats: small ones cost a call, large ones memory or arithmetic.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'
require 'nn'

-- What is wanted at 10^7 elements; otherwise never slower, and at 1000 and fewer twice as fast.
local goals = {
  add_new = 4, cat = 3, to_double = 3,
  exp_out = 1, log_out = 1.5, tanh_out = 3, sigmoid_out = 1, ['pow1.7_out'] = 2,
  norm = 2, std = 2, cumsum = 2,
  rand = 1.5, randn = 0.7, bernoulli = 4,
  sort = 2, topk10 = 2,
  transpose_copy = 2, strided_add = 2,
  softmax_dim1 = 2, logsoftmax_dim1 = 2,
  index_select0 = 2, gather1 = 1.5, masked_select = 5,
}

local function goal(name, n)
  if n <= 1000 then return 2 end
  return n >= 1e7 and goals[name] or 0.95
end

local function vectors(n, row)
  local a, b, c = torch.rand(n):add(0.1), torch.rand(n):add(0.1), torch.rand(n)

  row('add_new', function() return a + b end)
  row('add_out', function() torch.add(c, a, b) end)
  row('add_inplace', function() c:add(b) end)
  row('mul_out', function() torch.cmul(c, a, b) end)
  row('add_scalar_out', function() torch.add(c, a, 1.5) end)
  row('axpy_inplace', function() c:add(1e-6, b) end)
  row('div_out', function() torch.cdiv(c, a, b) end)
  row('exp_out', function() torch.exp(c, a) end)
  row('log_out', function() torch.log(c, a) end)
  row('tanh_out', function() torch.tanh(c, a) end)
  row('sigmoid_out', function() torch.sigmoid(c, a) end)
  row('sqrt_out', function() torch.sqrt(c, a) end)
  row('pow1.7_out', function() torch.pow(c, a, 1.7) end)
  row('cmax0_out', function() torch.cmax(c, a, 0) end)
  row('gt_new', function() return a:gt(0.5) end)
  row('sum', function() return a:sum() end)
  row('max', function() return a:max() end)
  row('norm', function() return a:norm() end)
  row('std', function() return a:std() end)
  row('dot', function() return a:dot(b) end)
  row('copy', function() c:copy(a) end)
  row('fill', function() c:fill(1) end)
  row('randn', function() c:normal() end)
  row('rand', function() c:uniform() end)
  row('bernoulli', function() c:bernoulli(0.5) end)
  row('cumsum', function() torch.cumsum(c, a, 1) end)
end

local function moves(n, row)
  local a, b = torch.rand(n):add(0.1), torch.rand(n):add(0.1)
  local mask = a:gt(0.6)

  row('sort', function() return a:sort() end)
  row('topk10', function() return a:topk(10, 1, true) end)
  row('masked_select', function() return a:maskedSelect(mask) end)
  row('cat', function() return torch.cat(a, b) end)
  row('to_double', function() return a:double() end)
end

-- On the square matrix of about n elements.
local function matrices(n, row)
  local m = math.floor(math.sqrt(n))
  local x, y = torch.rand(m, m):add(0.1), torch.rand(m, m)
  local line = torch.rand(m):view(1, m):expandAs(x)
  local indices = torch.LongTensor(m):random(1, m)
  local places = indices:view(1, m):expand(m, m):clone()
  local softMax, logSoftMax = nn.SoftMax():float(), nn.LogSoftMax():float()

  row('transpose_copy', function() y:copy(x:t()) end)
  row('sum_dim0', function() return x:sum(1) end)
  row('sum_dim1', function() return x:sum(2) end)
  row('max_dim1', function() return x:max(2) end)
  row('softmax_dim1', function() softMax:updateOutput(x) end)
  row('logsoftmax_dim1', function() logSoftMax:updateOutput(x) end)
  row('bcast_add_row', function() torch.add(y, x, line) end)
  row('strided_add', function() torch.add(y, x:t(), x) end)
  row('index_select0', function() return x:index(1, indices) end)
  row('gather1', function() return x:gather(2, places) end)
end

for _, n in ipairs({10, 1000, 100000, 10000000}) do
  local function row(name, f) timing.row(('%s_n%d'):format(name, n), f, goal(name, n)) end
  vectors(n, row)
  moves(n, row)
  matrices(n, row)
end
