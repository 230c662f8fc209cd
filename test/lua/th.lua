-- The program th: its options, and what a script sees.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

-- Runs th with words of a command line and text at its standard input; returns output with errors, and the status.
local function th(words, input)
  local pipe = io.popen(("'%s' %s 2>&1 < '%s'; echo \"status $?\""):format(arg[0], words, harness.file(input or '')))
  local output, status = pipe:read('*a'):match('^(.*)status (%d+)\n$')
  pipe:close()
  return output, tonumber(status)
end

function test.statement()
  tester:eq({th "-e 'print(1 + 1)' ignored"}, {'2\t\n', 0})
  local output, status = th "-e 'error(\"oops\")'"
  tester:assert(output:find('oops', 1, true) ~= nil)
  tester:eq(status, 0)
  tester:assert(th("-e 'torch.zeross(3)'"):find('did you mean torch.zeros?', 1, true) ~= nil)
end

function test.library()
  tester:eq({th "-lpl.List -e 'print(package.loaded[\"pl.List\"] ~= nil)'"}, {'true\t\n', 0})
  local output, status = th "-l nothing.here -e 'print(2)'"
  tester:assert(output:find('could not load nothing.here', 1, true) ~= nil and output:find('2\t\n$') ~= nil)
  tester:eq(status, 0)
end

function test.help_and_unknown_options()
  tester:eq((th '-h'):match '^Usage: th', 'Usage: th')
  local output, status = th '--zzz'
  tester:eq(output:match '^[^\n]*', 'Error: unrecognized flag --zzz')
  tester:eq(status, 0)
end

function test.options_for_packages_that_may_be_missing()
  tester:eq({th "-x -e 'print(1)'"}, {'1\t\n', 0})
  local output, status = th('-a', '1 + 1\nbreak\n')
  tester:assert(output:find('could not load async', 1, true) ~= nil and output:find('2\t', 1, true) ~= nil, output)
  tester:eq(status, 0)
end

function test.a_script_has_its_arguments()
  local script = harness.file 'print(arg[1], arg[2], #arg, select("#", ...)) print(arg[0] == arg[-1])'
  tester:eq({th(script .. ' -x two')}, {'-x\ttwo\t2\t0\t\ntrue\t\n', 0})
end

function test.errors_and_exits_set_the_status()
  local output, status = th(harness.file 'error("bad")')
  tester:assert(output:find '^luajit: .*:1: bad\nstack traceback:' ~= nil)
  tester:eq(status, 1)
  tester:eq({th(harness.file 'os.exit(3)')}, {'', 3})
end

function test.rocks_are_found_without_a_home()
  local pipe = io.popen(("env -u HOME '%s' -e 'print(stringx.strip(\" a \"))'"):format(arg[0]))
  tester:eq(pipe:read '*a', 'a\t\n')
  pipe:close()
end

tester:add(test):run()
