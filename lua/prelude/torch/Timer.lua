-- torch.Timer: a stopwatch for wall-clock and process time.
local torch = require 'torch'
local system = require 'cresset.system'

local Timer = torch.class('torch.Timer')
rawset(Timer, '__factory', nil)  -- cannot be saved: its clocks mean nothing to another process

function Timer:__init()
  self._total = {real = 0, user = 0, sys = 0}  -- of finished runs, in seconds
  self._start = nil                            -- the clocks when this run began; nil when stopped
  self:resume()
end

local function clocks()
  local user, sys = system.cpuTimes()
  return {real = system.ticks(), user = user, sys = sys}
end

-- Seconds on each clock, the run in progress included.
function Timer:time()
  local total = self._total
  local time = {real = total.real, user = total.user, sys = total.sys}
  if self._start then
    local now = clocks()
    for clock, start in pairs(self._start) do time[clock] = time[clock] + now[clock] - start end
  end
  return time
end

function Timer:stop()
  self._total = self:time()
  self._start = nil
  return self
end

function Timer:resume()
  if not self._start then self._start = clocks() end
  return self
end

function Timer:reset()
  self._total = {real = 0, user = 0, sys = 0}
  if self._start then self._start = clocks() end
  return self
end

-- Torch7's timer was native and freed here; scripts that collect it by hand still may.
function Timer.__gc() end

function Timer:__tostring__()
  return string.format('torch.Timer [status: %s]', self._start and 'running' or 'stopped')
end

return torch.Timer
