-- Operations on ten elements, where the call is all that costs: a thousand calls a row.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'

local a, b, m = torch.rand(10), torch.rand(10), torch.rand(10, 10)

timing.row('add_in_place_10_x1000', function()
  for _ = 1, 1000 do a:add(b) end
end, '0.150ms')
timing.row('add_new_10_x1000', function()
  for _ = 1, 1000 do torch.add(a, b) end
end, '0.250ms')
timing.row('narrow_x1000', function()
  for _ = 1, 1000 do a:narrow(1, 2, 3) end
end)
timing.row('select_x1000', function()
  for _ = 1, 1000 do m:select(1, 3) end
end)
timing.row('sum_10_x1000', function()
  for _ = 1, 1000 do a:sum() end
end)
timing.row('new_10_x1000', function()
  for _ = 1, 1000 do torch.FloatTensor(10) end
end)
