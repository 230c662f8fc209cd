-- Tests of trepl: print, require, globals, the prompt and its completion.
local harness = paths.dofile('harness.lua')
local complete = require 'trepl.complete'
local tester = torch.Tester()
local test = torch.TestSuite()

local function printed(...)
  local n, arguments = select('#', ...), {...}
  return (harness.capture(function() print(unpack(arguments, 1, n)) end))
end

-- Enters lines at the prompt, then `break`. Returns the session as it is read on the screen, without the times.
local function session(...)
  local lines, i, told = {...}, 0, {}
  local output = harness.capture(function()
    require('trepl.repl'){
      readline = function(prompt)
        i = i + 1
        local line = i > #lines and 'break' or lines[i]
        io.write(prompt, tostring(line), '\n')
        if line == 'EOF' then return nil end
        if line == 'CTRL-C' then return false end
        return line
      end,
      addHistory = function(line) told[#told + 1] = line end,
      help = function(topic) io.write('help on ', topic, '\n') end,
    }
  end)
  output = output:gsub(' +%[%d+%.%d%d%d%ds%]\n', ''):gsub('th> break\n$', '')
  return output, told
end

function test.print_ends_values_with_tabs_and_the_last_with_a_newline()
  tester:eq(printed('hello'), 'hello\t\n')
  tester:eq(printed(1, 2), '1\t2\t\n')
  tester:eq(printed(nil, true, 0.1), 'nil\ttrue\t0.1\t\n')
  tester:eq(printed(), '')
end

function test.print_shows_tables_with_their_contents()
  tester:eq(printed{1, 2, {3, 4}, a = 'b'}, [[
{
  1 : 1
  2 : 2
  3 : 
    {
      1 : 3
      2 : 4
    }
  a : "b"
}
]])
  tester:eq(printed({}), '{}\n')
  tester:eq(printed({{}}), '{\n  1 : {...}\n}\n')
end

function test.print_gives_objects_a_line_of_their_own()
  local timer = torch.Timer()

  tester:eq(printed(timer), 'torch.Timer [status: running]\n')
  tester:eq(printed(1, timer, 2), '1\ttorch.Timer [status: running]\n2\t\n')
  tester:eq(printed{timer}, '{\n  1 : torch.Timer [status: running]\n}\n')
end

function test.print_shows_tensors_in_tables_by_their_size()
  tester:eq(printed{torch.Tensor(2, 3)}, '{\n  1 : DoubleTensor - size: 2x3\n}\n')
  tester:eq(printed{torch.FloatTensor()}, '{\n  1 : FloatTensor - empty\n}\n')
  tester:eq(printed{torch.LongStorage(4)}, '{\n  1 : LongStorage - size: 4\n}\n')
end

function test.setprintlevel_limits_the_depth()
  setprintlevel(2)
  tester:eq(printed{{{1}}}, '{\n  1 : \n    {\n      1 : {...}\n    }\n}\n')
  setprintlevel(0)
  tester:eq(print, print_old)
  setprintlevel(5)
  tester:eq(print, print_new)

  tester:assertError(function() setprintlevel() end)
  tester:assertError(function() setprintlevel(-1) end)
end

function test.output_that_is_no_terminal_has_no_colors()
  local output = harness.run("print({1, 'a', nil, true, print}) print(1)")

  tester:eq(output:find('\27', 1, true), nil)
end

function test.strings_have_a_format_operator()
  tester:eq('%d-%s' % {5, 'x'}, '5-x')
  tester:eq('%d' % 3, '3')
  tester:eq('%s%%' % true, 'true%')
  tester:eq('$a of $b' % {a = 1, b = 'c'}, '1 of c')
  tester:eq('10' % 3, 1)
end

function test.require_with_a_dot_looks_beside_the_calling_file()
  local folder = harness.directory()
  local function write(name, text)
    local file = io.open(folder .. '/' .. name, 'w')
    file:write(text)
    file:close()
  end
  paths.mkdir(folder .. '/package')
  write('main.lua', "return require './part', require './package', require './part'")
  write('part.lua', 'partsLoaded = (partsLoaded or 0) + 1 return partsLoaded')
  write('package/init.lua', "return 'package'")

  tester:eq({dofile(folder .. '/main.lua')}, {1, 'package', 2})
  tester:assertErrorPattern(function() require './nothing-here' end,
                            "trepl.lua:%d+: module './nothing%-here' not found")
  partsLoaded = nil
  paths.rmall(folder, 'yes')
end

function test.require_falls_back_to_the_calling_file_and_else_fails_as_usual()
  local folder = harness.directory()
  local file = io.open(folder .. '/neighbour_of_the_test.lua', 'w')
  file:write("return 'found'")
  file:close()
  file = io.open(folder .. '/main.lua', 'w')
  file:write("local module = require 'neighbour_of_the_test' return module")
  file:close()

  tester:eq(dofile(folder .. '/main.lua'), 'found')
  tester:assertErrorPattern(function() local module = require 'nosuchmodule' end, "module 'nosuchmodule' not found")
  paths.rmall(folder, 'yes')
end

function test.import_copies_fields_into_globals()
  package.loaded.testImport = {importedValue = 1, print = 2}

  import 'testImport'

  tester:eq(importedValue, 1)
  tester:eq(print, print_new)
  importedValue, package.loaded.testImport = nil, nil
end

function test.who_lists_the_users_globals()
  zebra, apple = 5, 'text'

  local output = harness.capture(who)

  tester:assert(output:find('\n  apple +string of 4\n.*  zebra +number 5\n') ~= nil)
  tester:eq(output:find('torch', 1, true), nil)
  tester:assert(harness.capture(function() who(true) end):find('\n  torch ', 1, true) ~= nil)
  zebra, apple = nil, nil
end

function test.monitored_globals_are_printed_or_raise()
  local output = harness.run('monitor_G() x = 1 local y = z')
  tester:eq(output:gsub('[^\n]*/', ''):gsub('^%S+ ', ''):gsub('\n%S+ ', '\n'),
            'new global variable x\nundeclared global variable z\n')

  local _, errors, status = harness.run('monitor_G(true)\nlocal y = z')
  tester:eq(status, 1)
  tester:assert(errors:find(':2: undeclared global variable z', 1, true) ~= nil)

  output = harness.run("monitor_G(function(...) io.write(table.concat({...}, ' '), '\\n') end) x = 1 local y = z")
  tester:eq(output, 'x newindex\nz index\n')
end

function test.prompt_echoes_expressions_and_runs_statements()
  tester:eq((session('1 + 1', 'x = 5', 'x', '= x, 2', 'print(x)')), [[
th> 1 + 1
2	
th> x = 5
th> x
5	
th> = x, 2
5	2	
th> print(x)
5	
]])
  x = nil
end

function test.prompt_is_silent_after_a_semicolon()
  tester:eq((session('local t = 1;', '5;', 'tostring(3);')), 'th> local t = 1;\nth> 5;\nth> tostring(3);\n')
end

function test.prompt_shows_the_time_of_each_evaluation()
  local output = harness.capture(function()
    local lines, i = {'1', 'break'}, 0
    require('trepl.repl'){readline = function() i = i + 1 return lines[i] end, addHistory = function() end}
  end)

  tester:assert(output:match('^1\t\n' .. string.rep(' ', 70) .. '%[%d+%.%d%d%d%ds%]\n$') ~= nil)
end

function test.prompt_continues_until_the_chunk_compiles_or_a_line_is_empty()
  local output, history = session('function f(n)', 'return 2 * n', 'end', 'f(4)')
  tester:eq(output, 'th> function f(n)\n..> return 2 * n\n..> end\nth> f(4)\n8\t\n')
  tester:eq(history, {'function f(n)', 'return 2 * n', 'end', 'f(4)', 'break'})
  f = nil

  output = session('for', '')
  tester:assert(output:find('^th> for\n%.%.> \nsyntax error: ') ~= nil)
end

function test.prompt_continues_an_expression()
  tester:eq((session('1 +', '2')), 'th> 1 +\n..> 2\n3\t\n')
  tester:eq((session('{1,', '2}')), 'th> {1,\n..> 2}\n{\n  1 : 1\n  2 : 2\n}\n')
  tester:eq((session('= {', '}')), 'th> = {\n..> }\n{}\n')
  tester:eq((session("'a' ..", "'b'")), "th> 'a' ..\n..> 'b'\nab\t\n")
  tester:assert(session('1 +', ''):find('^th> 1 %+\n%.%.> \nsyntax error: [^\n]+\n$') ~= nil)
end

function test.prompt_reports_a_syntax_error_at_once()
  tester:assert(session('1 + )'):find('^th> 1 %+ %)\nsyntax error: [^\n]+\n$') ~= nil)
  tester:assert(session('a b'):find('^th> a b\nsyntax error: [^\n]+\n$') ~= nil)
end

function test.prompt_survives_errors_and_hides_its_own_frames()
  local output = session('nothing.x', "error('gone')", '1')

  tester:assert(output:find('attempt to index global', 1, true) ~= nil)
  tester:assert(output:find('gone', 1, true) ~= nil)
  tester:assert(output:find('stack traceback:\n', 1, true) ~= nil)
  tester:eq(output:find('cresset/', 1, true), nil)
  tester:assert(output:find('th> 1\n1\t\n$') ~= nil)
end

function test.prompt_names_the_line_of_an_error_in_an_expression()
  tester:assert(session('({})[1].x'):find('\nstdin:1: attempt to index', 1, true) ~= nil)
  tester:assert(session('({1})[1] -- a comment :)'):find('\n1\t\n', 1, true) ~= nil)
end

function test.prompt_survives_an_object_that_cannot_be_printed()
  local output = session("setmetatable({}, {__tostring = function() error('no text') end})", '1')

  tester:assert(output:find('no text\nstack traceback:\n', 1, true) ~= nil)
  tester:assert(output:find('th> 1\n1\t\n$') ~= nil)
end

function test.prompt_keeps_results()
  _RESULTS = {}

  session("'a'", '2, 3', '_ * 5')

  tester:eq(_RESULTS, {'a', 2, 10})
  tester:eq({_LAST, _}, {10, 10})
end

function test.prompt_leaves_a_variable_of_that_name_alone()
  session("'a'", '_, position = 5, 2', 'position')
  tester:eq({_LAST, _}, {2, 5})

  session('_ = nil', "'b'")
  tester:eq({_LAST, _}, {'b', 'b'})
end

function test.prompt_shows_the_results_so_far()
  _RESULTS = {}

  tester:eq((session('7', '_RESULTS')):match('{.*'), '{\n  1 : 7\n}\n')
end

function test.prompt_strips_pasted_prompts()
  tester:eq((session('th> 1 + 1')), 'th> th> 1 + 1\n2\t\n')
  tester:eq((session('th> function g()', '..> return 3', '..> end', 'g()')):match('[^\n]*\n$'), '3\t\n')
  g = nil
end

function test.prompt_runs_shell_commands_and_helps()
  _RESULTS = {}

  tester:eq((session('$ echo hi')), 'th> $ echo hi\nhi\t\n')
  tester:eq(_RESULTS, {'hi'})
  tester:eq((session('? torch.add')), 'th> ? torch.add\nhelp on torch.add\n')
  tester:assert(session('?'):find('who()', 1, true) ~= nil)
end

function test.prompt_asks_before_it_exits()
  tester:eq((session('exit', 'n', '1')), 'th> exit\nDo you really want to exit ([y]/n)? n\nth> 1\n1\t\n')
  tester:eq((session('EOF', 'n')), 'th> EOF\n\nDo you really want to exit ([y]/n)? n\n')
  tester:eq((session('exit', 'y', '1')), 'th> exit\nDo you really want to exit ([y]/n)? y\n')
end

function test.prompt_forgets_lines_after_an_interrupt()
  tester:eq((session('CTRL-C', 'x = [[', 'CTRL-C', '1')), 'th> CTRL-C\nth> x = [[\n..> CTRL-C\nth> 1\n1\t\n')
end

function test.prompt_reads_a_pipe_and_ends_with_status_0()
  local output, errors, status = harness.run('repl()', '', '1 + 1\n')

  tester:assert(output:find('th> 2\t\n', 1, true) ~= nil)
  tester:eq({errors, status}, {'', 0})
end

function test.prompt_summarizes_a_large_tensor()
  local output = session('torch.range(1, 2000)', 'torch.Tensor(3)')

  tester:assert(output:find('DoubleTensor - size: 2000\n', 1, true) ~= nil)
  tester:assert(output:find('min 1, max 2000, mean 1000.5', 1, true) ~= nil)
  tester:assert(output:find('[torch.DoubleTensor of size 3]', 1, true) ~= nil)
end

function test.completion_knows_globals_keywords_fields_and_methods()
  tester:eq(complete('whil', 'whil'), {'while'})
  tester:eq(complete('torc', 'torc'), {'torch.'})
  tester:eq(complete('torch.CmdL', 'torch.CmdL'), {'torch.CmdLine('})
  tester:assert(#complete('torch.Float', 'torch.Float') >= 2)
  tensor = torch.Tensor(2)
  tester:eq(complete('tensor:resizeA', 'tensor:resizeA'), {'tensor:resizeAs('})
  tensor = nil
  tester:eq(complete('string.fo', 'string.fo'), {'string.format('})
  timer, nested = torch.Timer(), {list = {{size = 1}}, _private = 2}
  tester:eq(complete('timer:res', 'timer:res'), {'timer:reset(', 'timer:resume('})
  tester:eq(complete('nested.list[1].s', 'nested.list[1].s'), {'nested.list[1].size'})
  tester:eq(complete('nested.', 'nested.'), {'nested.list.'})
  tester:eq(complete('nested._', 'nested._'), {'nested._private'})
  tester:eq(complete('nested.no.', 'nested.no.'), {})
  timer, nested = nil, nil
end

function test.completion_inside_quotes_names_files()
  local folder = harness.directory()
  paths.mkdir(folder .. '/data')
  io.open(folder .. '/model.t7', 'w'):close()

  local line = "torch.load('" .. folder .. '/'
  tester:eq(complete(folder .. '/mo', line .. 'mo'), {folder .. '/model.t7'})
  tester:eq(complete(folder .. '/', line), {folder .. '/data/', folder .. '/model.t7'})
  paths.rmall(folder, 'yes')
end

function test.traceback_has_only_the_users_frames()
  local _, errors = harness.run('local function f() error("boom") end\nlocal function g() f() end\ng()')

  tester:assert(errors:find(':1: boom\nstack traceback:\n', 1, true) ~= nil)
  tester:eq(errors:find('cresset/', 1, true), nil)
  tester:assert(errors:find("in function 'g'", 1, true) ~= nil)
  tester:assert(errors:find('in main chunk\n$') ~= nil)
end

function test.errors_suggest_the_name_that_was_meant()
  local function firstLine(script)
    local _, errors = harness.run(script)
    return errors:match('^[^\n]*')
  end

  tester:assert(firstLine('local t = torch.Timr()'):find("field 'Timr' (a nil value); did you mean torch.Timer?", 1,
                                                         true) ~= nil)
  tester:assert(firstLine('local t = torch.Timer() t:rest()'):find('; did you mean t:reset?', 1, true) ~= nil)
  tester:assert(firstLine('prnt(1)'):find('; did you mean print?', 1, true) ~= nil)
  tester:assert(firstLine('torch.nothingLikeIt()'):find('%(a nil value%)$') ~= nil)
  tester:assert(session('torch.Timr()'):find('; did you mean torch.Timer?', 1, true) ~= nil)
end

tester:add(test):run()
