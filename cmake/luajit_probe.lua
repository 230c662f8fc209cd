-- Exits with an error unless this LuaJIT has Lua 5.2 compatibility and 64-bit collection; prints its version.
assert(#setmetatable({}, {__len = function() return 7 end}) == 7, 'no Lua 5.2 compatibility: # ignores __len')
assert(require('ffi').abi('gc64'), 'no 64-bit collection')
print(jit.version, jit.arch)
