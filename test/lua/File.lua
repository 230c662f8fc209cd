-- Tests of torch.DiskFile, torch.MemoryFile and torch.PipeFile.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}

function test.every_type_is_written_and_read_by_number_count_and_storage()
  for _, kind in ipairs(types) do
    for _, mode in ipairs {'ascii', 'binary'} do
      local file = torch.MemoryFile()
      file[mode](file)
      local storage = torch[kind .. 'Storage'] {1, 2, 3}

      tester:eq(select('#', file['write' .. kind](file, 7)), 0)
      tester:eq(file['write' .. kind](file, storage), 3)
      tester:eq(file['write' .. kind](file, storage), 3)
      file:seek(1)

      tester:eq(file['read' .. kind](file), 7)
      local came = file['read' .. kind](file, 3)
      tester:eq(torch.type(came), 'torch.' .. kind .. 'Storage')
      tester:eq(came:totable(), {1, 2, 3})
      local filled = torch[kind .. 'Storage'](3)
      tester:eq(file['read' .. kind](file, filled), 3)
      tester:eq(filled:totable(), {1, 2, 3})
    end
  end
end

function test.arguments_of_a_wrong_kind_are_named()
  local file = torch.MemoryFile()
  tester:assertErrorPattern(function() file:readInt('x') end, 'nothing, number, or IntStorage expected, got string')
  tester:assertErrorPattern(function() file:readInt(torch.LongStorage(1)) end, 'number, or IntStorage expected, got torch.LongStorage')
  tester:assertErrorPattern(function() file:writeInt(torch.LongStorage(1)) end, 'number, or IntStorage expected')
  tester:assertErrorPattern(function() file.readInt(5) end, 'expected torch.File, got number')
  tester:assertErrorPattern(function() file:readString('*n') end, "format must be '%*a' or '%*l'")
end

function test.modes_return_the_file_and_are_told()
  local file = torch.MemoryFile()
  tester:eq({file:isBinary(), file:isAutoSpacing(), file:isQuiet(), file:hasError()}, {false, true, false, false})

  local same = file:binary():noAutoSpacing():quiet()

  tester:assert(same == file)
  tester:eq({file:isBinary(), file:isAutoSpacing(), file:isQuiet()}, {true, false, true})
  file:ascii():autoSpacing():pedantic()
  tester:eq({file:isBinary(), file:isAutoSpacing(), file:isQuiet()}, {false, true, false})
  tester:eq({file:isReadable(), file:isWritable()}, {true, true})
end

function test.a_quiet_file_flags_what_a_pedantic_one_raises()
  local file = torch.MemoryFile(torch.CharStorage():string('1 2\0'))
  tester:assertErrorPattern(function() file:readInt(3) end, 'read error: read 2 blocks instead of 3')
  file:seek(1):clearError():quiet()

  tester:eq(file:readInt(3):size(), 2)
  tester:assert(file:hasError())
  tester:eq(file:readString('*l'), '')
end

function test.strings_are_read_by_line_or_whole()
  local file = torch.MemoryFile()
  tester:eq(file:writeString('one\ntwo\nthree'), 13)
  file:seek(1)
  tester:eq(file:readString('*l'), 'one')
  tester:eq(file:readString('*a'), 'two\nthree')
  tester:assertErrorPattern(function() file:readString('*l') end, 'read error')
end

function test.positions_count_from_one()
  local file = torch.MemoryFile()
  file:writeString('abcdef')
  tester:eq(file:position(), 7)
  tester:assert(file:seek(3) == file)
  tester:eq(file:position(), 3)
  tester:eq(file:readString('*a'), 'cdef')
  tester:eq(file:seek(1):seekEnd():position(), 7)
  tester:assertErrorPattern(function() file:seek(0) end, 'position has to be greater than 0!')
  tester:assertErrorPattern(function() file:seek(9) end, 'unable to seek at position 8')
end

function test.a_memory_file_gives_its_storage_with_a_zero_behind()
  local file = torch.MemoryFile()
  file:writeString('ab')
  tester:eq(file:storage():string(), 'ab\0')
  tester:assertErrorPattern(function() torch.MemoryFile(torch.CharStorage():string('x')) end,
                            'provided CharStorage must be terminated by 0')
end

function test.disk_files_choose_byte_order_and_long_size()
  local name = harness.file('')
  local file = torch.DiskFile(name, 'rw'):binary():bigEndianEncoding():longSize(4)
  file:writeInt(1)
  file:writeLong(-2)
  file:close()

  tester:eq(io.open(name):read('*a'), '\0\0\0\1\255\255\255\254')
  file = torch.DiskFile(name):binary():bigEndianEncoding():longSize(4)
  tester:eq({file:readInt(), file:readLong()}, {1, -2})
  tester:assertErrorPattern(function() file:longSize(3) end, 'Invalid long size specified')
  tester:assert(file:isLittleEndianCPU() ~= file:isBigEndianCPU())
  file:close()
end

function test.opening_fails_with_a_reason_or_quietly()
  tester:assertErrorPattern(function() torch.DiskFile('/no/such') end, 'cannot open </no/such> in mode r : No such file')
  tester:assertErrorPattern(function() torch.DiskFile('/', 'w') end, 'Is a directory')
  tester:eq(torch.DiskFile('/no/such', 'r', true), nil)
  tester:assertErrorPattern(function() torch.DiskFile('x', 'rb') end, "file mode should be 'r','w' or 'rw'")
  tester:assertErrorPattern(function() torch.File() end, 'no constructor available')
end

function test.directions_and_closing_are_watched()
  local name = harness.file('1')
  local reader = torch.DiskFile(name)
  tester:assertErrorPattern(function() reader:writeInt(1) end, 'attempt to write in a read%-only file')
  reader:close()
  tester:assertErrorPattern(function() reader:readInt() end, 'attempt to use a closed file')
  local writer = torch.DiskFile(name, 'w')
  tester:assertErrorPattern(function() writer:readInt() end, 'attempt to read in a write%-only file')
end

function test.files_have_classes_and_print()
  local name = harness.file('')
  local disk, pipe = torch.DiskFile(name), torch.PipeFile('true')
  tester:eq(torch.typename(disk), 'torch.DiskFile')
  tester:assert(torch.isTypeOf(disk, 'torch.File'))
  tester:assert(torch.isTypeOf(pipe, 'torch.DiskFile'))
  tester:eq(tostring(disk), 'torch.DiskFile on <' .. name .. '> [status: open -- mode r ]')
  tester:eq(tostring(pipe), 'torch.PipeFile on <true> [status: open -- mode: r ]')
  tester:eq(tostring(torch.MemoryFile()), 'torch.MemoryFile [status: open -- mode: rw]')
end

function test.pipes_run_commands()
  local file = torch.PipeFile('echo 3 4; echo done')
  tester:eq({file:readInt(), file:readInt(), file:readString('*l')}, {3, 4, 'done'})
  file:close()
end

function test.methods_can_be_added_to_all_files()
  local mt = torch.getmetatable('torch.File')
  function mt.readTwice(self) return self:readInt() + self:readInt() end
  tester:eq(torch.MemoryFile(torch.CharStorage():string('3 4\0')):readTwice(), 7)
  mt.readTwice = nil
end

tester:add(test):run()
