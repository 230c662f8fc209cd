-- optim.Logger: a table of numbers, one row at a time, in a file with tabs between columns; and its plot.
local Logger = torch.class('optim.Logger')

-- Without a file name, rows go to the standard output. `timestamp` appends the time to the name of the file.
function Logger:__init(filename, timestamp)
  if filename then
    self.name = filename
    local path = timestamp and filename .. '-' .. os.date('%Y_%m_%d_%X') or filename
    paths.mkdir(paths.dirname(path))
    local file, reason = io.open(path, 'w')
    if not file then error('optim.Logger: cannot write ' .. reason, 3) end
    self.file = file
    self.epsfile = filename .. '.eps'
  else
    self.name = '<std out>'
    self.file = io.stdout
    print('<Logger> warning: no path provided, logging to std out')
  end
  self.empty = true
  self.symbols = {}  -- values by column
  self.styles = {}   -- array of styles by column
  self.names = {}    -- name by column
  self.idx = {}      -- column by name
  self.figure = nil
  self.showPlot = true
  self.plotRawCmd = nil
  self.defaultStyle = '+'
  self.logscale = false
end

-- Columns are numbers after setNames, and the keys of the first row without.
local function declare(self, column, name)
  self.file:write(name, '\t')
  self.symbols[column] = {}
  self.styles[column] = {self.defaultStyle}
  self.names[column] = name
  self.idx[name] = column
end

function Logger:setNames(names)
  self.names = {}
  self.idx = {}
  self.empty = false
  self.nsymbols = #names
  for column, name in pairs(names) do declare(self, column, name) end
  self.file:write('\n')
  self.file:flush()
  return self
end

-- Checked before anything is written, so that a row is whole or not there.
local function checkRow(self, row)
  for column, value in pairs(row) do
    if type(value) ~= 'number' and type(value) ~= 'string' then
      xlua.error('can only log numbers and strings', 'Logger')
    end
    if not self.empty and not self.symbols[column] then
      xlua.error(('no column %s was declared by setNames or the first row'):format(tostring(column)), 'Logger')
    end
  end
end

function Logger:add(symbols)
  checkRow(self, symbols)
  if self.empty then
    self.empty = false
    self.nsymbols = #symbols
    for column in pairs(symbols) do declare(self, column, column) end
    self.file:write('\n')
  end
  for column, value in pairs(symbols) do
    self.file:write(type(value) == 'number' and ('%11.4e'):format(value) or value, '\t')
    table.insert(self.symbols[column], value)
  end
  self.file:write('\n')
  self.file:flush()
end

-- One style, or an array of styles, for each column given by its number or name.
function Logger:style(styles)
  if type(styles) ~= 'table' then xlua.error('style should be a string or a table of strings', 'Logger') end
  for column, style in pairs(styles) do
    if type(style) == 'string' then
      style = {style}
    elseif type(style) ~= 'table' then
      xlua.error('style should be a string or a table of strings', 'Logger')
    end
    self.styles[self.symbols[column] and column or self.idx[column] or column] = style
  end
  return self
end

function Logger:setlogscale(on) self.logscale = on end
function Logger:display(on) self.showPlot = on end

local hasWarned = false
local function gnuplotOrWarn()
  local found, gnuplot = pcall(require, 'gnuplot')
  if found then return type(gnuplot) == 'table' and gnuplot or _G.gnuplot end
  if not hasWarned then print('<Logger> warning: cannot plot with this version of Torch') end
  hasWarned = true
end

-- The chosen columns with more than one number, as gnuplot.plot takes them: {name, values, style}.
local function curves(self, chosen)
  local list = {}
  local function add(column)
    local values = self.symbols[column]
    if not values or #values < 2 then return end
    for _, value in ipairs(values) do
      if type(value) ~= 'number' then return end
    end
    for _, style in ipairs(self.styles[column]) do
      list[#list + 1] = {self.names[column], torch.Tensor(values), style}
    end
  end
  if #chosen > 0 then
    for _, name in ipairs(chosen) do add(self.idx[name] or name) end
  else
    for column in pairs(self.symbols) do add(column) end
  end
  return list
end

-- Draws all columns, or those whose names are given, on the screen and into `<filename>.eps`.
function Logger:plot(...)
  local gnuplot = gnuplotOrWarn()
  if not gnuplot then return end
  local list = curves(self, {...})
  if #list == 0 then return end
  local function draw()
    gnuplot.plot(list)
    if self.logscale then gnuplot.logscale('on') end
    if self.plotRawCmd then gnuplot.raw(self.plotRawCmd) end
    gnuplot.grid('on')
    gnuplot.title('<Logger::' .. self.name .. '>')
  end
  if self.showPlot then
    self.figure = gnuplot.figure(self.figure)
    draw()
  end
  if self.epsfile then
    os.remove(self.epsfile)
    local figure = gnuplot.epsfigure(self.epsfile)
    draw()
    gnuplot.plotflush()
    gnuplot.close(figure)
  end
end

return Logger
