-- Returns xlua.formatTime: seconds in at most two units.
local kUnits = {{'D', 86400000}, {'h', 3600000}, {'m', 60000}, {'s', 1000}, {'ms', 1}}  -- in milliseconds

local function formatTime(seconds)
  if not (seconds >= 0 and seconds < math.huge) then return '?' end
  local rest = math.floor(seconds * 1000 + 1e-6)  -- 0.29 * 1000 is a little below 290
  local text, units = '', 0
  for _, unit in ipairs(kUnits) do
    local count = math.floor(rest / unit[2])
    rest = rest - count * unit[2]
    if count > 0 and units < 2 then
      text = text .. string.format('%d', count) .. unit[1]
      units = units + 1
    end
  end
  return units > 0 and text or '0ms'
end

return formatTime
