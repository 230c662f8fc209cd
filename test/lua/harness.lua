-- What the tests of the Lua packages share: captured output, and programs run by this very `th`.
local harness = {}

-- Calls f and returns what it wrote by io.write, whether it ended well, and its first result or its error.
function harness.capture(f)
  local parts = {}
  local write = io.write
  io.write = function(...)
    for i = 1, select('#', ...) do parts[#parts + 1] = tostring((select(i, ...))) end
    return io.stdout
  end
  local ended, result = pcall(f)
  io.write = write
  return table.concat(parts), ended, result
end

-- A file with that content, which disappears at exit.
function harness.file(content)
  local name = paths.tmpname()
  local file = assert(io.open(name, 'w'))
  file:write(content)
  file:close()
  return name
end

-- A new empty directory. The test removes it.
function harness.directory()
  local name = paths.tmpname() .. '.d'
  assert(paths.mkdir(name))
  return name
end

-- Runs a script with words of the command line; returns its output, its error output and its exit status.
function harness.run(script, words, input)
  local errors = paths.tmpname()
  input = input and harness.file(input) or '/dev/null'
  local command = string.format("'%s' '%s' %s 2> %s < %s; echo \"status $?\"", arg[0], harness.file(script),
                                words or '', errors, input)
  local pipe = io.popen(command)
  local output, status = pipe:read('*all'):match('^(.*)status (%d+)\n$')
  pipe:close()
  local file = io.open(errors)
  local errorOutput = file:read('*all')
  file:close()
  return output, errorOutput, tonumber(status)
end

return harness
