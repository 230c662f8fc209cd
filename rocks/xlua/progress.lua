-- Returns xlua.progress: a bar on one line with the time that is left.
local system = require 'cresset.system'
local formatTime = require 'xlua.formatTime'

local kMostColumns = 120
local kColumns = 80       -- where the terminal does not tell
local kTimeColumns = 30   -- right of the bar
local kSamples = 100      -- the step is averaged over so many samples
local kSampleSeconds = 0.1

local bar = nil  -- the bar that was drawn last

local function newBar(current)
  local now = system.ticks()
  local columns = system.terminalColumns(io.stdout) or kColumns
  return {
    width = math.max(1, math.min(columns, kMostColumns) - kTimeColumns - 4),
    started = now,
    times = {now},       -- when `current` had the values
    currents = {current},
    step = 0,            -- seconds
    done = false,
  }
end

-- Measures the step from the oldest sample to now.
local function sample(current)
  local now = system.ticks()
  local times, currents = bar.times, bar.currents
  if current > currents[1] then bar.step = (now - times[1]) / (current - currents[1]) end
  if now - times[#times] >= kSampleSeconds then
    times[#times + 1], currents[#currents + 1] = now, current
    if #times > kSamples then
      table.remove(times, 1)
      table.remove(currents, 1)
    end
  end
  return now
end

local function draw(current, goal, now)
  local width, filled = bar.width, bar.filled
  local line = string.rep('=', math.min(filled - 1, width)) .. (filled >= 1 and filled <= width and '>' or '')
  line = line .. string.rep('.', width - #line)

  local time
  if bar.done then
    time = ' Tot: ' .. formatTime(now - bar.started)
  else
    time = ' ETA: ' .. formatTime(bar.step * (goal - current))
  end
  time = time .. ' | Step: ' .. formatTime(bar.step)
  time = time .. string.rep(' ', kTimeColumns - 1 - #time)  -- covers a longer time that stood there

  local label = ' ' .. tostring(current) .. '/' .. tostring(goal) .. ' '
  local back = #'] ' + #time + math.min(width, math.ceil((width + #label) / 2))
  io.write(' [', line, '] ', time, string.rep('\b', back), label)
end

-- Redraws the bar for `current` of `goal`. A new one starts when the last was full and current has fallen.
local function progress(current, goal)
  if not (type(current) == 'number' and type(goal) == 'number') then
    error(string.format('xlua.progress: expected two numbers, got %s and %s', type(current), type(goal)), 2)
  end
  local width = bar and bar.width or newBar(current).width
  local filled = goal ~= 0 and math.floor(current * width / goal) or width
  if not bar or (bar.done and filled < bar.filled) then
    bar = newBar(current)
  elseif bar.done then
    return
  else
    io.write('\r')
  end
  bar.filled = filled
  bar.done = filled >= bar.width
  draw(current, goal, sample(current))
  if bar.done then io.write('\n') end
  io.flush()
end

return progress
