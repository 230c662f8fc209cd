-- The module `treplutils`.
local system = require 'cresset.system'

return {isatty = function() return system.isTerminal(io.stdout) end}
