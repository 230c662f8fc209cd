-- Tests of the package paths.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local function touch(name)
  assert(io.open(name, 'w')):close()
end

-- A directory with the files a.lua and b.txt and the directory c.
local function sample()
  local folder = harness.directory()
  touch(folder .. '/a.lua')
  touch(folder .. '/b.txt')
  paths.mkdir(folder .. '/c')
  return folder
end

local function sorted(iterator)
  local names = {}
  for name in iterator do names[#names + 1] = name end
  table.sort(names)
  return names
end

function test.basename_strips_directories_and_suffix()
  tester:eq(paths.basename('/a/b.txt'), 'b.txt')
  tester:eq(paths.basename('/a/b.txt', 'txt'), 'b')
  tester:eq(paths.basename('/a/b.txt', '.txt'), 'b')
  tester:eq(paths.basename('/a/b.txt', 'lua'), 'b.txt')
  tester:eq(paths.basename('a/b//'), 'b')
  tester:eq(paths.basename('/'), '/')
end

function test.dirname_is_the_parent()
  tester:eq(paths.dirname('/a/b'), '/a')
  tester:eq(paths.dirname('/a/b/'), '/a')
  tester:eq(paths.dirname('a'), '.')
  tester:eq(paths.dirname('/a'), '/')
  tester:eq(paths.dirname('/'), '/')
end

function test.extname_is_what_follows_the_last_dot()
  tester:eq(paths.extname('x.tar.gz'), 'gz')
  tester:eq(paths.extname('a.b/c'), nil)
  tester:eq(paths.extname('c'), nil)
end

function test.concat_normalizes_from_the_current_directory()
  tester:eq(paths.concat(), paths.cwd())
  tester:eq(paths.concat('/'), '/')
  tester:eq(paths.concat('/a', 'b', '../c/.', 'd/'), '/a/c/d')
  tester:eq(paths.concat('x', '/a', 'b'), '/a/b')
  tester:eq(paths.concat('/..', 'a'), '/a')
  tester:eq(paths.concat('x'), paths.cwd() .. '/x')
end

function test.filep_and_dirp_tell_files_from_directories()
  local folder = sample()

  tester:eq({paths.filep(folder .. '/a.lua'), paths.dirp(folder .. '/a.lua')}, {true, false})
  tester:eq({paths.filep(folder), paths.dirp(folder)}, {false, true})
  tester:eq({paths.filep(folder .. '/no'), paths.dirp(folder .. '/no')}, {false, false})
  paths.rmall(folder, 'yes')
end

function test.dir_lists_all_names_and_is_nil_when_unreadable()
  local folder = sample()

  local names = paths.dir(folder)

  table.sort(names)
  tester:eq(names, {'.', '..', 'a.lua', 'b.txt', 'c'})
  tester:eq(paths.dir(folder .. '/no'), nil)
  paths.rmall(folder, 'yes')
end

function test.files_takes_patterns_and_functions()
  local folder = sample()

  tester:eq(sorted(paths.files(folder)), {'.', '..', 'a.lua', 'b.txt', 'c'})
  tester:eq(sorted(paths.files(folder, '%.lua$')), {'a.lua'})
  tester:eq(sorted(paths.files(folder, function(name) return #name == 1 end)), {'.', 'c'})
  tester:eq(sorted(paths.files(folder .. '/no')), {})
  tester:assertErrorPattern(function() paths.files(folder, 3) end, "bad argument #2 to 'files'")
  paths.rmall(folder, 'yes')
end

function test.iterfiles_and_iterdirs_leave_out_the_dots()
  local folder = sample()

  tester:eq(sorted(paths.iterfiles(folder)), {'a.lua', 'b.txt'})
  tester:eq(sorted(paths.iterdirs(folder)), {'c'})
  paths.rmall(folder, 'yes')
end

function test.mkdir_makes_parents_and_refuses_an_existing_path()
  local folder = harness.directory()

  tester:eq(paths.mkdir(folder .. '/a/b/c'), true)
  tester:eq(paths.dirp(folder .. '/a/b/c'), true)
  tester:eq({paths.mkdir(folder)}, {nil, 'File exists', 17})
  paths.rmall(folder, 'yes')
end

function test.rmdir_removes_empty_directories_only()
  local folder = sample()

  local done, message, code = paths.rmdir(folder)

  tester:eq(done, nil)
  tester:eq(message, 'Directory not empty')
  tester:eq(type(code), 'number')
  tester:eq(paths.rmdir(folder .. '/c'), true)
  paths.rmall(folder, 'yes')
end

function test.rmall_wants_a_yes_and_does_not_follow_links()
  local folder, kept = sample(), sample()
  os.execute(string.format('ln -s %s %s/link', kept, folder))

  tester:eq(paths.rmall(folder), nil)
  tester:eq(paths.dirp(folder), true)
  tester:eq(paths.rmall(folder, 'yes'), true)
  tester:eq(paths.dirp(folder), false)
  tester:eq(paths.filep(kept .. '/a.lua'), true)
  local done, message, path = paths.rmall(folder, 'yes')
  tester:eq({done, message, path}, {nil, 'No such file or directory', folder})
  paths.rmall(kept, 'yes')
end

function test.tmpname_is_deleted_at_exit()
  local output = harness.run("io.write(paths.tmpname(), '\\n') assert(paths.filep(paths.tmpname())) os.exit(0)")

  tester:eq(paths.filep(output:match('[^\n]+')), false)
end

function test.thisfile_and_dofile_are_relative_to_the_calling_file()
  local folder = harness.directory()
  local function write(name, text)
    local file = io.open(folder .. '/' .. name, 'w')
    file:write(text)
    file:close()
  end
  write('a.lua', "local b = paths.dofile('b.lua') return paths.thisfile(), paths.thisfile('x'), b")
  write('b.lua', 'return 42')

  local file, neighbour, b = dofile(folder .. '/a.lua')

  tester:eq({file, neighbour, b}, {folder .. '/a.lua', folder .. '/x', 42})
  tester:eq(loadstring("local f = paths.thisfile() return f", '=typed')(), nil)
  tester:eq(loadstring("local f = paths.thisfile('x') return f", '=typed')(), 'x')
  paths.rmall(folder, 'yes')
end

function test.findprogram_takes_the_first_that_exists()
  local found = paths.findprogram('no-such-program', 'sh')

  tester:assert(found ~= nil and found:match('^/.*/sh$') ~= nil)
  tester:eq(paths.findprogram('no-such-program'), nil)
end

function test.uname_names_system_host_and_machine()
  local name, host, machine = paths.uname()

  tester:eq(name, sys.execute('uname -s'))
  tester:eq(host, sys.execute('uname -n'))
  tester:eq(machine, sys.execute('uname -m'))
  tester:eq(paths.is_win(), nil)
end

function test.execdir_holds_the_running_program()
  tester:eq(paths.dirp(paths.execdir()), true)
end

function test.require_names_the_library_it_misses()
  tester:assertErrorPattern(function() paths.require('nosuchlibrary') end, "no native library 'nosuchlibrary'")
end

function test.getregistryvalue_raises_here()
  tester:assertError(function() paths.getregistryvalue('a', 'b', 'c') end)
end

function test.wrong_argument_types_raise_at_the_caller()
  tester:assertErrorPattern(function() paths.dirname({}) end,
                            "paths.lua:%d+: bad argument #1 to 'dirname' %(string expected, got table%)")
  tester:assertErrorPattern(function() paths.filep() end, "bad argument #1 to 'filep'")
end

tester:add(test):run()
