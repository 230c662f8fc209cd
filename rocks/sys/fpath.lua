-- Returns the function sys.fpath: directory and file name of the calling file.
local function fpath()
  local paths = require 'paths'
  local source = debug.getinfo(2, 'S').source:match('^@(.*)')
  if not source then return nil, nil end  -- typed in, no file
  local file = paths.concat(source)
  return paths.dirname(file), paths.basename(file)
end

return fpath
