-- What torch.Tester writes on the console, in 80 columns.
local system = require 'cresset.system'

local report = {}

local kColumns = 80
local kColors = {WAIT = 'cyan', PASS = 'green', FAIL = 'red', ERROR = 'magenta', SKIP = 'yellow'}
local kRule = string.rep('-', kColumns)

-- Colours go to a terminal only: a log file is read without one.
local function colored(text, color)
  local found, colors = pcall(require, 'sys.colors')
  if not (found and rawget(_G, 'arg') and system.isTerminal(io.stdout)) then return text end
  return colors[color] .. text .. colors.none
end

local function plural(count, word)
  return count .. ' ' .. word .. (count == 1 and '' or 's')
end

local Progress = {}
Progress.__index = Progress

-- An object that writes one line per test: with the tag WAIT while it runs, then with its outcome.
function report.progress(nTests, silent)
  io.write('Running ', plural(nTests, 'test'), '\n')
  return setmetatable({nTests = nTests, digits = #tostring(nTests), silent = silent}, Progress)
end

function Progress:start(i, name)
  if self.silent then return end
  local count = string.format('%' .. self.digits .. 'd/%d', i, self.nTests)
  self.label = colored(count, 'cyan') .. ' ' .. name .. ' '
  self.columns = #count + #name + 2
  self:write('WAIT')
end

function Progress:write(tag)
  local dots = math.max(0, kColumns - self.columns - #tag - #' []')
  io.write(self.label, string.rep('.', dots), ' [', colored(tag, kColors[tag]), ']')
  io.flush()
end

function Progress:finish(tag, warned)
  if self.silent then return end
  io.write('\r')
  self:write(tag)
  if warned then
    local mark = '[+warning]'
    io.write('\n', string.rep(' ', kColumns - #mark), colored(mark, 'yellow'))
  end
  io.write('\n')
  io.flush()
end

function report.summary(counts)
  io.write('Completed ', plural(counts.asserts, 'assert'), ' in ', plural(counts.tests, 'test'), ' with ')
  io.write(colored(plural(counts.failures, 'failure'), counts.failures == 0 and 'green' or 'red'), ' and ')
  io.write(colored(plural(counts.errors, 'error'), counts.errors == 0 and 'green' or 'magenta'))
  if counts.warnings > 0 then io.write(' and ', colored(plural(counts.warnings, 'warning'), 'yellow')) end
  if counts.disabled > 0 then io.write(' and ', colored(counts.disabled .. ' disabled', 'yellow')) end
  io.write('\n')
  io.flush()
end

function report.details(errors, warnings)
  if #errors + #warnings > 0 then io.write(kRule, '\n') end
  for _, text in ipairs(errors) do io.write(text, '\n', kRule, '\n') end
  for _, text in ipairs(warnings) do io.write('WARNING ', text, '\n', kRule, '\n') end
  io.flush()
end

return report
