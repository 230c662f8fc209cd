-- Compiles Lua files to bytecode and writes them as one C++ source; see EmbedLua.cmake.
-- luajit embed.lua OUTPUT TARGET ROOT PREFIX FILE...
local output, target, root, prefix = unpack(arg, 1, 4)

-- 'torch/CmdLine.lua' -> 'torch.CmdLine', 'torch/init.lua' -> 'torch'
local function moduleName(path)
  local full = (prefix == '' and '' or prefix .. '.') .. path:gsub('%.lua$', ''):gsub('/', '.')
  return (full:gsub('%.init$', ''))
end

local function bytecode(path)
  local file = assert(io.open(root .. '/' .. path, 'rb'))
  local source = file:read('*a'):gsub('^#[^\n]*', '')
  file:close()
  local folder = prefix == '' and '' or prefix:gsub('%.', '/') .. '/'
  return string.dump(assert(loadstring(source, '@cresset/' .. folder .. path)))
end

-- Sixteen numbers a line: one long line is slow to compile and to look at.
local function cArray(bytes)
  local lines = {}
  for i = 1, #bytes, 16 do
    lines[#lines + 1] = table.concat({bytes:byte(i, math.min(i + 15, #bytes))}, ',')
  end
  return table.concat(lines, ',\n')
end

local arrays, rows = {}, {}
for i = 5, #arg do
  local bytes = bytecode(arg[i])
  arrays[#arrays + 1] = ('const unsigned char kModule%d[] = {\n%s};\n'):format(i - 4, cArray(bytes))
  rows[#rows + 1] = ('    {"%s", kModule%d, sizeof kModule%d},\n'):format(moduleName(arg[i]), i - 4, i - 4)
end

local file = assert(io.open(output, 'wb'))
assert(file:write(
  '// Made by cmake/embed.lua; changes here are lost.\n#include "lua/embedded.h"\n\nnamespace {\n',
  table.concat(arrays), 'const cresset::lua::EmbeddedModule kModules[] = {\n', table.concat(rows),
  '};\n}  // namespace\n\n',
  'CRESSET_DECLARE_EMBEDDED(', target, ')\n',
  'std::span<const cresset::lua::EmbeddedModule> cresset::lua::embedded_', target, '() { return kModules; }\n'))
assert(file:close())
