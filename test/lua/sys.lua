-- Tests of the package sys.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

function test.clock_is_the_time_of_day()
  tester:assertalmosteq(sys.clock(), os.time(), 2)
end

function test.toc_measures_from_tic()
  sys.tic()
  sys.sleep(0.02)

  local elapsed = sys.toc()

  tester:assertge(elapsed, 0.02)
  tester:assertlt(elapsed, 10)
end

function test.usleep_takes_microseconds()
  sys.tic()
  sys.usleep(20000)

  tester:assertge(sys.toc(), 0.02)
end

function test.execute_returns_both_outputs_trimmed()
  tester:eq(sys.execute('echo; echo out; echo err >&2; echo'), 'out\nerr')
  tester:eq(sys.execute('echo a # comment'), 'a')
  tester:eq(sys.execute('true'), '')
end

function test.fexecute_returns_the_same()
  tester:eq(sys.fexecute('echo out; echo err >&2'), 'out\nerr')
  tester:eq(sys.fexecute('echo one; echo two', '*line'), 'one')
end

function test.ls_lists_a_directory()
  local folder = harness.directory()
  io.open(folder .. '/a', 'w'):close()
  io.open(folder .. '/.b', 'w'):close()

  tester:eq(sys.ls(folder), 'a')
  tester:eq(sys.la(folder), '.\n..\n.b\na')
  tester:assert(sys.ll(folder):find('%sa$') ~= nil)
  tester:assert(sys.lla(folder):find('%s%.b\n') ~= nil)
  tester:eq(sys.ls(), sys.execute('ls'))
  paths.rmall(folder, 'yes')
end

function test.uname_is_one_of_the_known_systems()
  tester:eq(sys.uname(), sys.OS)
  tester:eq(({linux = true, macos = true, windows = true, ['?'] = true})[sys.OS], true)
end

function test.fpath_splits_the_name_of_the_calling_file()
  local folder, name = sys.fpath()

  tester:eq(name, 'sys.lua')
  tester:eq(folder, paths.dirname(paths.thisfile()))
end

function test.split_keeps_inner_and_drops_trailing_empty_pieces()
  tester:eq(sys.split('a,,b,', ','), {'a', '', 'b'})
  tester:eq(sys.split(',a', ','), {'', 'a'})
  tester:eq(sys.split('a1b22c', '%d+'), {'a', 'b', 'c'})
  tester:eq(sys.split('', ','), {})
end

function test.isNaN_knows_only_NaN()
  tester:eq(sys.isNaN(0 / 0), true)
  tester:eq(sys.isNaN(1 / 0), false)
end

function test.colors_are_ANSI_sequences()
  tester:eq(sys.COLORS.none, '\27[0m')
  tester:eq(sys.COLORS.red, '\27[0;31m')
  tester:eq(sys.COLORS.Red, '\27[1;31m')
  tester:eq(sys.COLORS._red, '\27[41m')
  tester:eq(require 'sys.colors', sys.COLORS)
end

function test.path_functions_are_those_of_paths()
  tester:eq(sys.concat('/a', 'b'), '/a/b')
  tester:eq(sys.dirname('/a/b'), '/a')
end

tester:add(test):run()
