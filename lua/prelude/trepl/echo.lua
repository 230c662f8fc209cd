-- What the prompt shows of a value: itself, but of a large tensor a summary that fits the screen.
local printer = require 'trepl.print'

local kLargest = 1000  -- elements that are printed in full
local kCorner = 3      -- rows and columns at each end

local Summary = {}

function Summary:__tostring()
  return self.text
end

-- Positions 1..n, or the first and the last of them with a gap (0) between.
local function ends(n)
  local positions = {}
  for i = 1, n do
    if i <= kCorner or i > n - kCorner then
      positions[#positions + 1] = i
    elseif i == kCorner + 1 then
      positions[#positions + 1] = 0
    end
  end
  return positions
end

local function row(vector)
  local words = {}
  for i, position in ipairs(ends(vector:size(1))) do
    words[i] = position == 0 and '     ...' or string.format('%10.4g', vector[position])
  end
  return table.concat(words, ' ')
end

-- The corners of the tensor's first matrix.
local function corners(x)
  while x:dim() > 2 do x = x[1] end
  if x:dim() == 1 then return row(x) end
  local lines = {}
  for i, position in ipairs(ends(x:size(1))) do
    lines[i] = position == 0 and '       ...' or row(x[position])
  end
  return table.concat(lines, '\n')
end

local function statistics(x)
  local values = x:double():contiguous():view(x:nElement())
  local isNumber = values:eq(values)
  local nNaN = values:nElement() - isNumber:sum()
  if nNaN > 0 then values = values:maskedSelect(isNumber) end
  if values:nElement() == 0 then return nNaN .. ' NaN' end
  local text = string.format('min %.5g, max %.5g, mean %.5g', values:min(), values:max(), values:mean())
  return nNaN > 0 and text .. ', ' .. nNaN .. ' NaN' or text
end

local function echo(value)
  local torch = package.loaded.torch
  if not (torch and torch.isTensor(value)) or value:nElement() <= kLargest then return value end
  local device = torch.type(value):match('Cuda') and ' (on the GPU)' or ''
  local text = string.format('%s%s\n%s\n%s', printer.summary(value), device, statistics(value), corners(value))
  return setmetatable({text = text}, Summary)
end

return echo
