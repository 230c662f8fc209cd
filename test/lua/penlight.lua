-- Penlight and lfs under th: found, loaded when first named, and doing what scripts expect of them.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

function test.globals_load_when_first_named()
  tester:eq(package.loaded['pl.sip'], nil)
  tester:eq(type(sip.match), 'function')
  for name in ([[utils path dir tablex stringio sip input seq lexer stringx config pretty data func text operator lapp
      array2d comprehension xml types app file class luabalanced permute template List Map Set OrderedMap MultiMap
      Date]]):gmatch('%S+') do
    tester:assert(_G[name] ~= nil, name)
  end
end

function test.assigning_such_a_global_overrides_it()
  local output = harness.run("data = {1}; print(#data, test == require 'pl.test')")
  tester:eq(output, '1\ttrue\t\n')
end

function test.an_unknown_global_is_nil()
  tester:eq(rawget(_G, 'noSuchPackage'), nil)
  tester:eq(noSuchPackage, nil)
end

function test.percent_formats_strings()
  tester:eq('%d-%s' % {5, 'x'}, '5-x')
  tester:eq('%d' % 3, '3')
  tester:eq('$a $b' % {a = 1, b = 'z'}, '1 z')
  require('pl.text').format_operator()
  tester:eq('%d-%s' % {5, 'x'}, '5-x')
end

function test.require_pl()
  local script = "require 'pl'; print(stringx.strip('  a '), tablex.size{a = 1}, List{1, 2})"
  local output, errors, status = harness.run(script)
  tester:eq({output, errors, status}, {'a\t1\t{1,2}\n', '', 0})
end

function test.stringx()
  local stringx = require 'pl.stringx'
  tester:eq(tostring(stringx.split('a,,b', ',')), '{a,,b}')
  tester:eq(#stringx.split(' a b  c '), 3)
  tester:eq(stringx.strip('  a '), 'a')
  tester:eq(stringx.lstrip('xxa', 'x'), 'a')
  tester:eq(stringx.replace('a.b.c', '.', '-'), 'a-b-c')
  tester:eq(stringx.lfind('abcabc', 'c'), 3)
  tester:eq(stringx.rfind('abcabc', 'c'), 6)
  tester:eq(stringx.count('abcabc', 'bc'), 2)
  tester:eq(stringx.join('-', {1, 2, 3}), '1-2-3')
  tester:assert(stringx.startswith('abc', 'ab') and stringx.endswith('abc', 'bc'))
  tester:eq(#stringx.splitlines('a\nb\nc'), 3)
  tester:eq(stringx.center('a', 5, '*'), '**a**')
  tester:assert(stringx.isdigit('12') and not stringx.isdigit('1a') and stringx.isspace(' '))
  tester:eq(stringx.at('abc', 2), 'b')
end

function test.tablex()
  local tablex = require 'pl.tablex'
  local nested = {1, {2, x = 3}}
  local copy = tablex.deepcopy(nested)
  tester:assert(tablex.deepcompare(nested, copy) and not rawequal(nested[2], copy[2]))
  tester:eq(tablex.size{1, 2, a = 3}, 3)
  tester:eq(tablex.map(function(x) return x * 2 end, {1, 2}), {2, 4})
  tester:eq(tablex.find({'a', 'b'}, 'b'), 2)
  tester:eq(tablex.filter({1, 2, 3}, function(x) return x > 1 end):len(), 2)
  tester:eq({unpack(tablex.range(2, 4))}, {2, 3, 4})
  tester:eq({unpack(tablex.sub({1, 2, 3, 4}, 2, 3))}, {2, 3})
  tester:eq(tablex.merge({a = 1}, {b = 2}, true), {a = 1, b = 2})
  tester:eq(tablex.reduce('+', {1, 2, 3}), 6)
end

function test.path_dir_and_file()
  local path, dir, file = require 'pl.path', require 'pl.dir', require 'pl.file'
  local folder = harness.directory()
  local name = path.join(folder, 'a', 'b.txt')
  dir.makepath(path.dirname(name))
  file.write(name, 'text')
  tester:eq(file.read(name), 'text')
  tester:assert(path.isfile(name) and path.isdir(folder) and path.exists(name) ~= nil)
  tester:eq({path.splitext('x/y.tar')}, {'x/y', '.tar'})
  tester:eq({path.splitpath('x/y.tar')}, {'x', 'y.tar'})
  tester:eq(path.basename(name), 'b.txt')
  tester:eq(path.extension(name), '.txt')
  tester:eq(path.normpath('a/./b/../c'), 'a/c')
  tester:eq(path.relpath('/a/b', '/a'), 'b')
  tester:eq(path.getsize(name), 4)
  tester:eq(#dir.getfiles(path.join(folder, 'a'), '*.txt'), 1)
  tester:eq(#dir.getdirectories(folder), 1)
  tester:eq(#dir.getallfiles(folder), 1)
  dir.rmtree(folder)
  tester:assert(not path.exists(folder))
end

function test.list()
  local List = require 'pl.List'
  local l = List{3, 1, 2}
  tester:eq(tostring(l:sort()), '{1,2,3}')
  tester:eq(tostring(l:append(4):map(function(x) return x * x end)), '{1,4,9,16}')
  tester:eq(l:pop(), 4)
  tester:eq(tostring(l:slice(1, 2) .. List{9}), '{1,2,9}')
  tester:assert(l:contains(2))
  tester:eq(l:index(3), 3)
  tester:eq(l:join('-'), '1-2-3')
end

function test.lapp_reads_the_command_line()
  local script = [[
    local opt = lapp[=[
Train a network
  -l,--lr (default 0.1)   learning rate
  -n,--name (default net) its name
  -v,--verbose            say more
  -k,--batch-size (default 8) size
  <input> (string)        input file
]=]
    io.write(opt.lr, ' ', opt.name, ' ', tostring(opt.verbose), ' ', opt.batch_size, ' ', opt.input, '\n')]]
  local output, _, status = harness.run(script, '-l0.5 --verbose --batch-size=32 data.t7')
  tester:eq({output, status}, {'0.5 net true 32 data.t7\n', 0})
  local _, errors, failed = harness.run(script, '--nonsense data.t7')
  tester:assert(errors:find('nonsense', 1, true) ~= nil)
  tester:eq(failed, 1)
  local help, onError = harness.run(script, '--help')
  tester:assert((help .. onError):find('learning rate', 1, true) ~= nil)
end

function test.others()
  tester:eq(require('pl.pretty').write({1, 2}, ''), '{1,2}')
  tester:eq(require('pl.pretty').read('{1, a = 2}'), {1, a = 2})
  tester:eq({unpack(require('pl.utils').split('a b  c'))}, {'a', 'b', 'c'})
  tester:eq(require('pl.utils').escape('a.b'), 'a%.b')
  local keys = {}
  local map = require 'pl.OrderedMap'()
  map:set('z', 1)
  map:set('a', 2)
  for key in map:iter() do keys[#keys + 1] = key end
  tester:eq(keys, {'z', 'a'})
  local class = require 'pl.class'
  local A = class()
  function A:_init(x) self.x = x end
  tester:eq(A(3).x, 3)
  tester:assert(A:class_of(A(3)))
end

function test.lfs()
  local lfs = require 'lfs'
  local folder = harness.directory()
  tester:eq(lfs.attributes(folder, 'mode'), 'directory')
  tester:assert(lfs.mkdir(folder .. '/x'))
  local names = {}
  for name in lfs.dir(folder) do names[#names + 1] = name end
  table.sort(names)
  tester:eq(names, {'.', '..', 'x'})
  tester:eq(lfs.currentdir(), paths.cwd())
  paths.rmall(folder, 'yes')
end

-- Start-up is counted in milliseconds: nothing of penlight is loaded until it is named.
function test.nothing_is_loaded_at_start()
  local output = harness.run("for name in pairs(package.loaded) do io.write(name, ' ') end")
  tester:assert(not output:find '%f[%w]pl%f[%W]' and not output:find '%f[%w]lfs%f[%W]', output)
end

tester:add(test):run()
