-- Reading and writing single elements in a Lua loop: a thousand of them a row.
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'

local n, side = 1000, 32
local x, m, t = torch.rand(n), torch.rand(side, side), {}
for i = 1, n do t[i] = i end
local sum = 0

timing.row('read_1000', function()
  local s = 0
  for i = 1, n do s = s + x[i] end
  sum = s
end, '0.002ms')
timing.row('write_1000', function()
  for i = 1, n do x[i] = 1 end
end, '0.002ms')
timing.row('read_32x32_by_rows', function()
  local s = 0
  for i = 1, side do
    local r = m[i]
    for j = 1, side do s = s + r[j] end
  end
  sum = s
end)
timing.row('read_32x32_by_keys', function()
  local s = 0
  for i = 1, side do
    for j = 1, side do s = s + m[{i, j}] end
  end
  sum = s
end, '0.010ms')
timing.row('write_32x32_by_keys', function()
  for i = 1, side do
    for j = 1, side do m[{i, j}] = 1 end
  end
end, '0.010ms')
timing.row('read_1000_of_a_table', function()
  local s = 0
  for i = 1, n do s = s + t[i] end
  sum = s
end)
