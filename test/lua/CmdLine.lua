-- Tests of torch.CmdLine.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local function newCmdLine()
  local cmd = torch.CmdLine()
  cmd:text('Options')
  cmd:option('-lr', 0.1, 'learning rate')
  cmd:option('--quiet', false, 'say less')
  cmd:option('-name', 'net', 'name of the model')
  cmd:argument('-input', 'file to read')
  return cmd
end

local kScript = [[
  local cmd = torch.CmdLine()
  cmd:option('-lr', 0.1, 'learning rate')
  cmd:argument('input', 'file to read')
  local opt = cmd:parse(arg)
  io.write(type(opt.lr), ' ', opt.lr, ' ', opt.input, '\n')
]]

function test.parse_fills_in_defaults()
  local opt = newCmdLine():parse{'data.t7'}

  tester:eq(opt, {lr = 0.1, quiet = false, name = 'net', input = 'data.t7'})
end

function test.parse_converts_numbers_and_flips_flags()
  local opt = newCmdLine():parse{'-lr', '1e-3', '--quiet', '-name', '12', 'data.t7'}

  tester:eq(opt, {lr = 0.001, quiet = true, name = '12', input = 'data.t7'})
end

function test.flag_that_is_true_by_default_becomes_false()
  local cmd = torch.CmdLine()
  cmd:option('-shuffle', true, 'shuffle the samples')

  tester:eq(cmd:parse{'-shuffle'}, {shuffle = false})
end

function test.negative_number_is_a_value()
  tester:eq(newCmdLine():parse{'x', '-lr', '-5'}.lr, -5)
end

function test.option_needs_a_default_of_its_type()
  local cmd = torch.CmdLine()

  tester:assertErrorPattern(function() cmd:option('-x', nil, '') end, 'option %-x has no default value')
  tester:assertErrorPattern(function() cmd:option('-x', 1, '', 'string') end, 'option %-x has wrong default type value')
  cmd:option('-layers', {1, 2}, 'a default that words cannot replace')
  tester:eq(cmd:parse({}).layers, {1, 2})
end

function test.default_returns_options_only()
  tester:eq(newCmdLine():default(), {lr = 0.1, quiet = false, name = 'net'})
end

function test.help_aligns_keys_and_shows_defaults()
  local cmd = newCmdLine()

  local output = harness.capture(function() cmd:help{[0] = 'train.lua'} end)

  tester:eq(output, table.concat({
    'Usage: train.lua [options] <input>',
    'Options',
    '  -lr     learning rate [0.1]',
    '  --quiet say less [false]',
    '  -name   name of the model [net]',
    '  <input> file to read',
    '',
  }, '\n'))
end

function test.string_names_what_differs_from_the_defaults()
  local cmd = newCmdLine()
  local name
  harness.capture(function()
    name = cmd:string('run', {lr = 0.5, quiet = true, name = 'net', input = 'a'}, {})
  end)

  tester:eq(name, 'run,input=a,lr=0.5,quiet=t')
end

function test.string_leaves_out_and_forces_options()
  local cmd = newCmdLine()
  local name
  harness.capture(function()
    name = cmd:string('run', {lr = 0.5, quiet = false, name = 'net', input = 'a'}, {lr = true, name = false})
  end)

  tester:eq(name, 'run,input=a,name=net')
end

function test.string_uses_the_separators_of_the_constructor()
  local cmd = torch.CmdLine('_', ':')
  cmd:option('-lr', 0.1, '')
  cmd:option('-n', 1, '')
  local name
  harness.capture(function() name = cmd:string('run', {lr = 1, n = 2}, {}) end)

  tester:eq(name, 'run_lr:1_n:2')
end

function test.string_needs_the_table_of_ignored_names()
  tester:assertErrorPattern(function() newCmdLine():string('run', {}) end, "bad argument #3 to 'string'")
end

function test.log_writes_parameters_and_prints_to_the_file()
  local name = paths.tmpname()
  local script = [[
    local cmd = torch.CmdLine()
    cmd:log(']] .. name .. [[', {b = 2, a = 'x'})
    print('loss', 0.5)
  ]]

  local output = harness.run(script)

  local lines = {}
  for line in io.lines(name) do lines[#lines + 1] = line end
  tester:assert(lines[1]:match('^%[program started on .*%]$') ~= nil)
  table.remove(lines, 1)
  tester:eq(lines, {'[command line arguments]', 'a\tx', 'b\t2', '[----------------------]', 'loss\t0.5'})
  tester:assert(output:find('loss\t0.5', 1, true) ~= nil)
end

function test.silent_log_leaves_the_screen_alone_and_addTime_marks_lines()
  local name = paths.tmpname()
  local script = [[
    local cmd = torch.CmdLine()
    cmd:silent()
    cmd:addTime('net', '%Y')
    cmd:log(']] .. name .. [[')
    print('loss')
  ]]

  local output = harness.run(script)

  local last
  for line in io.lines(name) do last = line end
  tester:assert(last:match('^%d%d%d%d%[net%]: loss$') ~= nil)
  tester:eq(output, '')
end

function test.help_option_ends_the_program_with_status_0()
  for _, flag in ipairs{'-h', '-help', '--help'} do
    local output, errors, status = harness.run(kScript, flag)

    tester:assert(output:find('[options] <input>\n  -lr     learning rate [0.1]\n', 1, true) ~= nil)
    tester:eq(errors, '')
    tester:eq(status, 0)
  end
end

function test.wrong_command_lines_end_the_program_with_status_1()
  local cases = {
    {'', 'not enough arguments'},
    {'a b', 'invalid argument: b'},
    {'a -lr', 'missing argument for option -lr'},
    {'a -lr fast', 'invalid type for option -lr (should be number)'},
  }
  for _, case in ipairs(cases) do
    local output, errors, status = harness.run(kScript, case[1])

    tester:eq(errors, case[2] .. '\n')
    tester:assert(output:match('^\n\nUsage: ') ~= nil)
    tester:eq(status, 1)
  end
end

function test.a_script_reads_its_words_from_arg()
  local output, _, status = harness.run(kScript, '-lr 2 file')

  tester:eq(output, 'number 2 file\n')
  tester:eq(status, 0)
end

tester:add(test):run()
