-- Max pooling against a loop over every window: steps, paddings, dilations, rows longer than a vector, ties, NaNs.
require 'nn'

local tester, test = torch.Tester(), torch.TestSuite()

-- {kW, kH, dW, dH, padW, padH, dilationW, dilationH}
local windows = {
  {2, 2, 2, 2, 0, 0, 1, 1}, {3, 3, 2, 2, 0, 0, 1, 1}, {3, 2, 2, 1, 1, 1, 1, 1}, {3, 3, 1, 1, 1, 1, 1, 1},
  {3, 3, 3, 3, 0, 0, 1, 1}, {4, 4, 4, 2, 2, 2, 1, 1}, {5, 2, 2, 2, 2, 1, 2, 1}, {3, 3, 1, 2, 1, 0, 2, 2},
  {1, 1, 2, 2, 0, 0, 1, 1}, {2, 2, 5, 3, 1, 1, 1, 1},
}

-- The largest number of a window, the first of several, and its position in the plane from 1; 0 without one.
local function largest(plane, oh, ow, w)
  local kW, kH, dW, dH, padW, padH, dilationW, dilationH = unpack(w)
  local best, at
  for i = 0, kH - 1 do
    for j = 0, kW - 1 do
      local h, k = oh * dH - padH + i * dilationH, ow * dW - padW + j * dilationW
      if h >= 0 and h < plane:size(1) and k >= 0 and k < plane:size(2) then
        local value = plane[h + 1][k + 1]
        if value == value and (not best or value > best) then best, at = value, h * plane:size(2) + k + 1 end
      end
    end
  end
  return best, at or 0
end

local function checkPlanes(w, sizes, ceil, typeName)
  local name = ('%s on %dx%d as %s'):format(table.concat(w, ','), sizes[2], sizes[3], typeName)
  local pool = nn.SpatialDilatedMaxPooling(unpack(w)):type(typeName)
  if ceil then pool:ceil() end
  local x = torch.LongTensor(unpack(sizes)):random(1, 9):type(typeName)  -- many ties
  x:view(-1)[torch.random(x:nElement())] = 0 / 0
  local y = pool:forward(x)
  local g = torch.rand(unpack(y:size():totable())):type(typeName)
  local expected = torch.zeros(unpack(sizes)):type(typeName)
  for plane = 1, sizes[1] do
    for oh = 0, y:size(2) - 1 do
      for ow = 0, y:size(3) - 1 do
        local value, at = largest(x[plane], oh, ow, w)
        tester:eq(pool.indices[plane][oh + 1][ow + 1], at, name .. ': position')
        if value then
          tester:eq(y[plane][oh + 1][ow + 1], value, name .. ': value')
          local to = expected[plane]:view(-1)
          to[at] = to[at] + g[plane][oh + 1][ow + 1]
        end
      end
    end
  end
  tester:eq(pool:backward(x, g), expected, 1e-5, name .. ': gradient')
end

function test.windows()
  torch.manualSeed(1)
  for _, w in ipairs(windows) do
    for _, sizes in ipairs({{2, 12, 12}, {3, 11, 23}, {1, 9, 75}, {5, 10, 9}}) do
      for _, typeName in ipairs({'torch.FloatTensor', 'torch.DoubleTensor'}) do
        checkPlanes(w, sizes, false, typeName)
        checkPlanes(w, sizes, true, typeName)
      end
    end
  end
end

-- The last plane ends where its memory ends: nothing beyond it may be read or written.
function test.memory_beyond_the_planes_stays()
  for width = 2, 40 do
    local x = torch.FloatTensor(2, 2, width):fill(1)
    local pool = nn.SpatialMaxPooling(2, 2):float()
    tester:eq(pool:forward(x), torch.FloatTensor(2, 1, math.floor(width / 2)):fill(1))
    tester:eq(pool:backward(x, pool.output):sum(), 2 * math.floor(width / 2))
  end
end

tester:add(test)
tester:run()
