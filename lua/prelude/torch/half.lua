-- The little arithmetic that Torch7 has on torch.HalfTensor: computed in float, for tests rather than for speed.
local half = require('torch.class').getmetatable 'torch.HalfTensor'

local function toFloat(x) return type(x) == 'number' and x or x:float() end

function half.__sub__(a, b) return (toFloat(a) - toFloat(b)):half() end

function half:abs() return self:copy(self:float():abs()) end
-- self + other, in place.
function half:add(other) return self:copy(self:float():add(toFloat(other))) end
function half:max() return self:float():max() end
function half:mean(dim)
  if dim == nil then return self:float():mean() end
  return self:float():mean(dim):half()
end
