-- Operations on 10^7 floats, where memory is what costs.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'

local n = 10000000
local a, b, c = torch.rand(n):add(0.1), torch.rand(n), torch.Tensor(n)

timing.row('add_new_1e7', function() return torch.add(a, b) end, 4)
timing.row('add_into_1e7', function() torch.add(c, a, b) end)
timing.row('add_in_place_1e7', function() c:add(b) end)
timing.row('exp_1e7', function() torch.exp(c, a) end)
timing.row('tanh_1e7', function() torch.tanh(c, a) end)
timing.row('sum_1e7', function() return a:sum() end)
timing.row('copy_1e7', function() c:copy(a) end)
timing.row('transpose_copy_3162', function()
  c:narrow(1, 1, 3162 * 3162):view(3162, 3162):copy(a:narrow(1, 1, 3162 * 3162):view(3162, 3162):t())
end)
