-- Matrix products of floats, c = a b with a [m x k] and b [k x n].
package.path = paths.dirname(paths.thisfile()) .. '/lib/?.lua;' .. package.path
local timing = require 'timing'

for _, shape in ipairs {{64, 64, 64}, {1024, 1024, 1024}, {128, 4096, 4096}, {50, 512, 2048}} do
  local m, k, n = unpack(shape)
  local a, b, c = torch.rand(m, k), torch.rand(k, n), torch.Tensor(m, n)
  timing.row(('sgemm_%dx%dx%d'):format(m, k, n), function() torch.mm(c, a, b) end, 0.97)
end
