-- Tests of the package xlua.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

function test.formatTime_shows_two_units_at_most()
  local cases = {
    [3661.5] = '1h1m', [0.05] = '50ms', [90000] = '1D1h', [0] = '0ms', [0.29] = '290ms', [1.5] = '1s500ms',
    [3601] = '1h1s', [59.999] = '59s999ms',
  }
  for seconds, text in pairs(cases) do tester:eq(xlua.formatTime(seconds), text) end
end

function test.print_shows_one_entry_a_line_and_cuts_strings()
  local output = harness.capture(function() xlua.print{('x'):rep(50)} end)
  tester:eq(output, '{[1] = ' .. ('x'):rep(40) .. '...}\n')

  output = harness.capture(function() xlua.print{'a', {}} end)
  tester:assert(output:match('^{%[1%] = a,\n%[2%] = table: 0x%x+}\n$') ~= nil)
end

function test.table2string_is_one_line_or_indented()
  tester:eq(xlua.table2string{1, 'a', b = 2}, '{1,"a",b=2}')
  tester:eq(xlua.table2string{{}, {1}}, '{{},{1}}')
  tester:eq(xlua.table2string({x = {1}}, true), 'x : \n  1 : 1')
end

function test.progress_draws_a_bar_of_the_contract()
  -- A program of its own: a bar goes on where the last one stopped, and no terminal means 80 columns.
  local output = harness.run[[
    xlua.progress(1, 2)
    xlua.progress(2, 2)
    xlua.progress(2, 2)
  ]]

  local first, second = output:match('^([^\r]*)\r([^\r]*)\n$')
  tester:assert(first ~= nil)
  local bar, times, back, label = first:match('^ %[([=>.]+)%]  ETA: (%S+) | Step: %S+ *(\b+)( 1/2 )$')
  tester:eq(bar, string.rep('=', 22) .. '>' .. string.rep('.', 23))
  tester:eq(times, '0ms')
  local column = #first - #back - #label - #back  -- where the label starts
  tester:eq(column, 2 + math.floor((46 - #label) / 2))
  bar = second:match('^ %[([=>.]+)%]  Tot: %S+ | Step: %S+ *\b+ 2/2 $')
  tester:eq(bar, string.rep('=', 45) .. '>')
end

function test.progress_starts_anew_after_a_full_bar()
  local output = harness.run('for bar = 1, 2 do for i = 1, 3 do xlua.progress(i, 3) end end')

  local _, newlines = output:gsub('\n', '')
  tester:eq(newlines, 2)
end

function test.unpack_reads_positional_and_named_arguments()
  local function f(...)
    return xlua.unpack({...}, 'f', 'adds', {arg = 'a', type = 'number', help = 'first', req = true},
                       {arg = 'b', type = 'number', default = 10}, {arg = 'c', type = 'number', defaulta = 'a'})
  end

  local values, a, b, c = f(1)
  tester:eq({a, b, c}, {1, 10, 1})
  tester:eq({values.a, values[2], values.c}, {1, 10, 1})
  tester:assert(values.usage:find('adds', 1, true) ~= nil)
  values, a, b, c = f{a = 1, b = 2, c = 3}
  tester:eq({a, b, c}, {1, 2, 3})
  values, a, b = f(1, false)
  tester:eq(b, false)
end

function test.unpack_prints_usage_and_raises_for_what_is_missing()
  local function f(...)
    local values, a = xlua.unpack({...}, 'f', 'adds', {arg = 'a', type = 'number', help = 'first', req = true})
    return a
  end

  local output, ended, err = harness.capture(function() f{b = 1} end)
  tester:eq(ended, false)
  tester:assert(output:find('first', 1, true) ~= nil)
  tester:assert(err:match('xlua.lua:%d+: f: argument 1 %(a%): expected number, got nil$') ~= nil)
  _, ended, err = harness.capture(function() f() end)
  tester:eq(ended, false)
  tester:assert(err:find('expected arguments, got none', 1, true) ~= nil)
end

function test.unpack_takes_a_single_object_for_a_value()
  local timer = torch.Timer()

  local _, a = xlua.unpack({timer}, 'f', '', {arg = 'a', req = true})

  tester:eq(a, timer)
end

function test.unpack_class_stores_the_values()
  local object = {}

  xlua.unpack_class(object, {{size = 3}}, 'f', '', {arg = 'size'}, {arg = 'name', default = 'x'})

  tester:eq(object, {size = 3, name = 'x'})
end

function test.usage_module_explains_a_module()
  local module = {f = function() end}

  xlua.usage_module(module, 'mine', 'does things')

  tester:assert(tostring(module):find('mine\n  does things', 1, true) == 1)
end

function test.error_is_red_and_names_its_domain()
  tester:assertErrorObj(function() xlua.error('broken', 'net') end,
                        function(err) return err:find('\27[0;31m<net> broken\27[0m', 1, true) ~= nil end)
end

function test.trycatch_hands_the_error_over()
  local caught
  xlua.trycatch(function() error('e', 0) end, function(err) caught = err end)

  tester:eq(caught, 'e')
end

function test.installed_and_require_tell_what_exists()
  tester:eq((xlua.installed('xlua')), true)
  tester:eq((xlua.installed('nosuchmodule')), false)
  tester:eq(xlua.require('sys'), sys)
  local output, _, module = harness.capture(function() return xlua.require('nosuchmodule') end)
  tester:eq(module, false)
  tester:assert(output:find('nosuchmodule', 1, true) ~= nil)
end

function test.envparams_converts_to_the_types_of_the_defaults()
  local script = [[
    local p = xlua.envparams{batch = 1, name = 'x', gpu = false, left = 7}
    io.write(p.batch + 1, ' ', p.name, ' ', tostring(p.gpu), ' ', p.left)
  ]]
  local output = sys.execute(string.format("batch=8 name=3 gpu=true '%s' '%s'", arg[0], harness.file(script)))

  tester:eq(output, '9 3 true 7')
end

function test.profiler_measures_laps()
  local profiler = xlua.Profiler('off')
  profiler:start('work')
  sys.sleep(0.02)

  local real, cpu = profiler:lap('work', 2)

  tester:assertge(real, 0.01)
  tester:assertge(cpu, 0)
  tester:eq(profiler:real('work'), real)
  tester:assert(profiler:format('work'):find('^work: real %d+ms') ~= nil)
  tester:eq(harness.capture(function() profiler:printAll() end), '')
  tester:assertErrorPattern(function() profiler:lap('rest') end, 'nothing called rest was started')
end

function test.clear_and_clearall_remove_the_users_globals()
  local output = harness.run[[
    mine, other = 1, 2
    xlua.clear('mine')
    assert(mine == nil and other == 2)
    xlua.who()
    xlua.clearall()
    assert(other == nil and torch and print and string)
  ]]

  tester:assert(output:find('Global Vars:\n{[other] = 2}', 1, true) ~= nil)
end

function test.log_copies_what_is_written()
  local name = paths.tmpname()

  harness.run("xlua.log('" .. name .. "') io.write('a\\n') print('b', 1)")

  local file = io.open(name)
  tester:eq(file:read('*all'), 'a\nb\t1\n')
  file:close()
end

function test.log_makes_the_folder_of_its_file()
  local folder = harness.directory()
  local name = folder .. '/run/session.txt'

  harness.run("xlua.log('" .. name .. "') io.write('a\\n')")

  tester:eq(io.lines(name)(), 'a')
  paths.rmall(folder, 'yes')
end

local kOptions = [[
  local op = xlua.OptionParser('%prog [options]')
  op:option{'-n', '--count', dest = 'count', default = '1', help = 'how many'}
  op:option{'-q', '--quiet', action = 'store_true', dest = 'quiet', help = 'say less'}
  op:option{'--color', action = 'store_false', dest = 'plain'}
  local opt, args = op:parse()
  io.write(type(opt.count), opt.count, ' ', tostring(opt.quiet), ' ', tostring(opt.plain), ' ', #args, ' ',
           tostring(opt.__main__))
]]

function test.option_parser_reads_short_and_long_options()
  tester:eq((harness.run(kOptions, '')), 'string1 nil nil 0 true')
  tester:eq((harness.run(kOptions, '-n 3 -q a b')), 'string3 true nil 2 true')
  tester:eq((harness.run(kOptions, '--count=4 --quiet --color')), 'string4 true false 0 true')
end

function test.option_parser_takes_its_usage_from_a_table()
  local output = harness.run("xlua.OptionParser({usage = '%prog file', version = '1'}):help()", '')
  tester:assert(output:find('^Usage: %S+ file\n') ~= nil)
end

function test.option_parser_prints_and_names_what_it_found()
  local output = harness.run(kOptions .. ' op:summarize()', '-n 3 -q')
  tester:eq(output:match('true(count.*)$'), 'count : 3\nquiet : true\n')
  tester:eq((harness.run(kOptions .. ' op:summarize(true)', '-n 3')):match('true(count.*)$'), 'count=3\n')
  local named = " io.write('|', op:tostring(true, {'-n', 'quiet'}), '|', op:tostring(true, {'--count'}))"
  tester:eq((harness.run(kOptions .. named, '-n 3/4 -q')):match('|.*$'), '|count=3_4,quiet=true|count=3_4')
end

function test.option_parser_helps_and_fails()
  local output, _, status = harness.run(kOptions, '--help')
  tester:eq(status, 0)
  tester:assert(output:find('-n COUNT, --count=COUNT  how many [1]', 1, true) ~= nil)

  local _, errors
  _, errors, status = harness.run(kOptions, '--nonsense')
  tester:eq(status, 1)
  tester:assert(errors:find('--nonsense', 1, true) ~= nil)
end

function test.table_and_string_have_new_functions()
  local remaining, removed = table.splice({1, 2, 3, 4}, 2, 2)
  tester:eq({remaining, removed}, {{1, 4}, {2, 3}})
  tester:eq({table.splice({1, 2})}, {{2}, {1}})
  tester:eq(table.prune{1, 2, 1, 3, 2}, {1, 2, 3})
  tester:eq(table.prune({1, 2, 3}, function(x) return x % 2 end, function(a, b) return a + b end), {4, 2})
  tester:eq(('a b'):split(' '), {'a', 'b'})
  tester:eq(('string.format'):tosymbol(), string.format)
  tester:eq(('no.such.thing'):tosymbol(), nil)
end

function test.globals_are_shortcuts()
  tester:eq({xprint, xerror, xrequire}, {xlua.print, xlua.error, xlua.require})
end

tester:add(test):run()
