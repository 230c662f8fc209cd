-- optim.polyinterp: the minimum of the polynomial through points with given values and slopes.
local min, max = math.min, math.max

local function valueAt(p, x)  -- p[i] belongs to x^(i-1)
  local value = 0
  for i = #p, 1, -1 do value = value * x + p[i] end
  return value
end

local function derivative(p)
  local result = {}
  for i = 2, #p do result[i - 1] = (i - 1) * p[i] end
  return result
end

-- The polynomial with value f and slope s at each point {x, f, s}, by Newton's divided differences with every point
-- taken twice.
local function fit(points)
  local x, column = {}, {}
  for i, point in ipairs(points) do
    x[2 * i - 1], x[2 * i] = point[1], point[1]
    column[2 * i - 1], column[2 * i] = point[2], point[2]
  end
  local n = #x
  local differences = {column[1]}
  for order = 1, n - 1 do
    for i = 1, n - order do
      if x[i + order] == x[i] then
        column[i] = points[(i + 1) / 2][3]
      else
        column[i] = (column[i + 1] - column[i]) / (x[i + order] - x[i])
      end
    end
    differences[order + 1] = column[1]
  end
  local p = {differences[n]}
  for i = n - 1, 1, -1 do  -- p = p * (x - x[i]) + differences[i]
    table.insert(p, 1, 0)
    for j = 1, #p - 1 do p[j] = p[j] - x[i] * p[j + 1] end
    p[1] = p[1] + differences[i]
  end
  return p
end

-- A root between a and b, where p changes its sign, by bisection to the last digit.
local function rootBetween(p, a, b)
  local isRising = valueAt(p, a) < 0
  while true do
    local middle = a + (b - a) / 2
    if middle == a or middle == b then return middle end
    if (valueAt(p, middle) < 0) == isRising then a = middle else b = middle end
  end
end

-- The real roots of p in [low, high], ascending: between neighbouring roots of its derivative there is at most one.
local function roots(p, low, high)
  if #p < 2 then return {} end
  local ends = roots(derivative(p), low, high)
  table.insert(ends, 1, low)
  ends[#ends + 1] = high
  local found = {}
  for i = 1, #ends - 1 do
    local a, b = valueAt(p, ends[i]), valueAt(p, ends[i + 1])
    if a == 0 then
      found[#found + 1] = ends[i]
    elseif a * b < 0 then
      found[#found + 1] = rootBetween(p, ends[i], ends[i + 1])
    end
  end
  if valueAt(p, high) == 0 then found[#found + 1] = high end
  return found
end

-- The minimiser of a cubic, within the two points.
local function cubicMinimum(a, b)
  if b[1] < a[1] then a, b = b, a end
  local d1 = a[3] + b[3] - 3 * (a[2] - b[2]) / (a[1] - b[1])
  local square = d1 * d1 - a[3] * b[3]
  if not (square >= 0) then return (a[1] + b[1]) / 2 end
  local d2 = math.sqrt(square)
  local x = b[1] - (b[1] - a[1]) * ((b[3] + d2 - d1) / (b[3] - a[3] + 2 * d2))
  return min(max(x, a[1]), b[1])
end

-- points: rows (x, f, slope). Two points without bounds give a position; otherwise position and value of the lowest
-- of bounds, points and critical points within the bounds, which are those of the points by default.
return function(points, xmin, xmax)
  if not torch.isTensor(points) or points:dim() ~= 2 or points:size(2) ~= 3 then
    error('optim.polyinterp: argument 1 (points): expected a tensor [n x 3], got ' .. torch.type(points), 2)
  end
  points = points:totable()
  if #points == 2 and not xmin and not xmax then return cubicMinimum(points[1], points[2]) end
  local first, last = math.huge, -math.huge
  for _, point in ipairs(points) do first, last = min(first, point[1]), max(last, point[1]) end
  xmin, xmax = xmin or first, xmax or last

  local p = fit(points)
  local best, lowest = (xmin + xmax) / 2, math.huge
  local function try(x)
    if not (x >= xmin and x <= xmax) then return end
    local value = valueAt(p, x)
    if value < lowest then best, lowest = x, value end
  end
  try(xmin)
  try(xmax)
  for _, point in ipairs(points) do try(point[1]) end
  for _, x in ipairs(roots(derivative(p), xmin, xmax)) do try(x) end
  return best, lowest
end
