-- Medians of repeated runs, printed as scripts/bench reads them. timing.py does the same on the other side.
-- CRESSET_BENCH_SECONDS is how long a row is measured (0.5).
require 'torch'

local timing = {}

local kSeconds = tonumber(os.getenv('CRESSET_BENCH_SECONDS') or 0.5)
local kSample = 2e-4  -- seconds: a sample repeats what is faster, so that reading the clock does not count
local kMinSamples = 5
local kWarmUp = 10  -- calls: results that are dropped are reused only when the collector has found the first of them

torch.manualSeed(1)
torch.setdefaulttensortype('torch.FloatTensor')

-- A loop of its own for each row, as a script has it: one for all would be compiled for the first function that it
-- meets, and reach the others through that one's exits.
local function newLoop() return loadstring('local f, n = ... for _ = 1, n do f() end') end

-- Median time of f() in seconds.
function timing.measure(f)
  local timer = torch.Timer()
  local function now() return timer:time().real end
  local loop = newLoop()
  loop(f, kWarmUp)
  local repeats, took = 1, 0
  while took < kSample do  -- a single call tells little: f or the loop may be compiled in it
    local before = now()
    loop(f, repeats)
    took = now() - before
    if took < kSample then repeats = repeats * 2 end
  end

  local samples, start = {}, now()
  repeat
    local before = now()
    loop(f, repeats)
    table.insert(samples, (now() - before) / repeats)
  until #samples >= kMinSamples and now() - start >= kSeconds
  table.sort(samples)
  return samples[math.floor((#samples + 1) / 2)]
end

-- Measures f and prints its row. goal: the ratio to the peer that is wanted, or a time such as '0.002ms'.
function timing.row(name, f, goal)
  local line = ('bench=%s median_ms=%.6f'):format(name, timing.measure(f) * 1e3)
  io.write(line, goal and ' goal=' .. goal or '', '\n')
  io.stdout:flush()
  collectgarbage()
  collectgarbage()
end

return timing
