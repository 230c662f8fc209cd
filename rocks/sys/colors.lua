-- ANSI sequences by name: `red` plain, `Red` bold, `_red` as background.
local colors = {none = '\27[0m'}

for code, name in ipairs{'black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'} do
  colors[name] = '\27[0;3' .. code - 1 .. 'm'
  colors[name:sub(1, 1):upper() .. name:sub(2)] = '\27[1;3' .. code - 1 .. 'm'
  colors['_' .. name] = '\27[4' .. code - 1 .. 'm'
end

return colors
