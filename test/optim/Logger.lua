-- Tests of optim.Logger: the bytes in its file, its errors, and what it hands to gnuplot.
local harness = paths.dofile('../lua/harness.lua')
require 'optim'
local tester = torch.Tester()
local test = torch.TestSuite()

local function content(name)
  local file = assert(io.open(name))
  local text = file:read('*all')
  file:close()
  return text
end

-- Calls f with the name of a log in a folder that does not exist yet.
local function withLog(f)
  local folder = harness.directory()
  f(folder .. '/a/b/test.log')
  os.execute("rm -r '" .. folder .. "'")
end

function test.named_columns_with_tabs_after_each()
  withLog(function(name)
    local logger = optim.Logger(name)
    tester:assert(rawequal(logger:setNames{'train err', 'b'}, logger))
    tester:eq(logger:add{0.5, 2}, nil)
    logger:add{'text', -1e100}
    tester:eq(content(name), 'train err\tb\t\n 5.0000e-01\t 2.0000e+00\t\ntext\t-1.0000e+100\t\n')
    tester:eq({logger.name, logger.epsfile}, {name, name .. '.eps'})
  end)
end

function test.keys_of_the_first_row_are_the_header()
  withLog(function(name)
    local logger = optim.Logger(name)
    logger:add{['% train'] = 97.25}
    logger:add{['% train'] = 98}
    tester:eq(content(name), '% train\t\n 9.7250e+01\t\n 9.8000e+01\t\n')
  end)
end

function test.timestamp_is_part_of_the_file_name()
  withLog(function(name)
    local logger = optim.Logger(name, true)
    logger:setNames{'a'}
    local found
    for file in paths.files(paths.dirname(name)) do found = file:match('^test%.log%-%d%d%d%d_%d%d_%d%d_%d%d:%d%d:%d%d$') or found end
    tester:assert(found ~= nil)
    tester:eq({logger.name, logger.epsfile}, {name, name .. '.eps'})
  end)
end

function test.without_a_name_rows_go_to_the_standard_output()
  local output = harness.run[[
    require 'optim'
    local logger = optim.Logger()
    logger:setNames{'a'}
    logger:add{1}
  ]]
  tester:eq(output:match('^<Logger> warning: no path provided, logging to std out%s*\na\t\n 1%.0000e%+00\t\n$') ~= nil, true, output)
end

function test.bad_rows_raise_and_write_nothing()
  withLog(function(name)
    local logger = optim.Logger(name):setNames{'a', 'b'}
    tester:assertErrorPattern(function() logger:add{1, {}} end, '<Logger> can only log numbers and strings')
    tester:assertErrorPattern(function() logger:add{1, 2, 3} end, '<Logger> no column 3')
    for _, styles in ipairs {{1}, 1, '+'} do
      tester:assertErrorPattern(function() logger:style(styles) end,
                                '<Logger> style should be a string or a table of strings')
    end
    tester:eq(content(name), 'a\tb\t\n')
    tester:assertErrorPattern(function() optim.Logger(name .. '/x') end, 'optim.Logger: cannot write')
  end)
end

-- Records the calls of gnuplot's functions.
local function withGnuplot(f)
  local calls = {}
  package.loaded.gnuplot = setmetatable({}, {__index = function(_, name)
    return function(...)
      calls[#calls + 1] = {name, ...}
      return 7
    end
  end})
  f(calls)
  package.loaded.gnuplot = nil
end

function test.plot_draws_columns_with_their_styles()
  withLog(function(name) withGnuplot(function(calls)
    local logger = optim.Logger(name):setNames{'a', 'b'}
    logger:add{1, 2}
    logger:plot()
    tester:eq(#calls, 0)  -- one point is no curve

    logger:add{3, 4}
    tester:assert(rawequal(logger:style{'-', b = {'-', '+'}}, logger))
    logger:setlogscale(true)
    logger:plot()

    local names = {}
    for i, call in ipairs(calls) do names[i] = call[1] end
    tester:eq(names, {'figure', 'plot', 'logscale', 'grid', 'title', 'epsfigure', 'plot', 'logscale', 'grid', 'title',
                      'plotflush', 'close'})
    tester:eq(#calls[2][2], 3)
    tester:eq(calls[2][2][1], {'a', torch.Tensor{1, 3}, '-'})
    tester:eq(calls[5][2], '<Logger::' .. name .. '>')
  end) end)
end

function test.plot_of_one_column_into_the_file_only()
  withLog(function(name) withGnuplot(function(calls)
    local logger = optim.Logger(name):setNames{'a', 'b'}
    for i = 1, 3 do logger:add{i, -i} end
    logger:display(false)
    logger:plot('b')
    tester:eq(calls[1], {'epsfigure', name .. '.eps'})
    tester:eq(calls[2][2], {{'b', torch.Tensor{-1, -2, -3}, '+'}})
  end) end)
end

tester:add(test):run()
