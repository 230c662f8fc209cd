-- Returns the constructor of xlua.Profiler: named stopwatches for parts of a program.
local torch = require 'torch'
local colors = require 'sys.colors'
local formatTime = require 'xlua.formatTime'

local Profiler = {}
Profiler.__index = Profiler

-- mode 'off' silences what the profiler prints; verbose prints each lap.
local function new(mode, verbose)
  return setmetatable({silent = mode == 'off', verbose = verbose, events = {}, order = {}, color = ''}, Profiler)
end

-- kind 'fps' shows laps a second instead of the time of one.
function Profiler:start(name, kind)
  local event = self.events[name]
  if not event then
    event = {name = name, real = 0, cpu = 0}
    self.events[name] = event
    table.insert(self.order, name)
  end
  event.kind = kind or event.kind
  event.timer = torch.Timer()
end

local function eventOf(self, name, fname)
  local event = self.events[name]
  if not event then error(string.format('Profiler:%s: nothing called %s was started', fname, tostring(name)), 3) end
  return event
end

-- Seconds since start, real and CPU, each divided by `divisor` when a lap covers that many rounds.
function Profiler:lap(name, divisor)
  local event = eventOf(self, name, 'lap')
  local time = event.timer:time()
  event.real = time.real / (divisor or 1)
  event.cpu = (time.user + time.sys) / (divisor or 1)
  if self.verbose then self:print(name) end
  return event.real, event.cpu
end

function Profiler:real(name)
  return eventOf(self, name, 'real').real
end

function Profiler:cpu(name)
  return eventOf(self, name, 'cpu').cpu
end

function Profiler:setColor(color)
  self.color = colors[color] or ''
end

function Profiler:format(name)
  local event = eventOf(self, name, 'format')
  if event.kind == 'fps' then
    return string.format('%s: %.2f fps', name, 1 / event.real)
  end
  return string.format('%s: real %s, cpu %s', name, formatTime(event.real), formatTime(event.cpu))
end

function Profiler:print(name)
  local text = self:format(name)
  if self.silent then return end
  print(self.color == '' and text or self.color .. text .. colors.none)
end

function Profiler:formatAll(separator)
  local texts = {}
  for i, name in ipairs(self.order) do texts[i] = self:format(name) end
  return table.concat(texts, separator or '\n')
end

function Profiler:printAll()
  for _, name in ipairs(self.order) do self:print(name) end
end

-- Torch drew the text into a window. Without one it is printed.
function Profiler:displayAll()
  self:printAll()
end

return new
