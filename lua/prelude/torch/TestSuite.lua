-- torch.TestSuite: a table of tests that refuses to lose one to a second test of the same name.
local torch = require 'torch'

local suiteMeta = {}

function suiteMeta:__index(name)
  return rawget(self, '__tests')[name]
end

function suiteMeta:__newindex(name, test)
  local tests = rawget(self, '__tests')
  if tests[name] ~= nil then error(string.format('Test %s is already defined.', tostring(name)), 2) end
  if type(test) == 'table' then error('Nested tables of tests are not supported', 2) end
  if type(test) ~= 'function' then
    error('Only functions are supported as members of a TestSuite, got ' .. type(test), 2)
  end
  tests[name] = test
  table.insert(rawget(self, '__order'), name)
end

-- Tests in the order of their definition.
function suiteMeta:__pairs()
  local tests, order, i = rawget(self, '__tests'), rawget(self, '__order'), 0
  return function()
    i = i + 1
    return order[i], tests[order[i]]
  end
end

local function TestSuite()
  return setmetatable({__tests = {}, __order = {}, __isTestSuite = true}, suiteMeta)
end

torch.TestSuite = TestSuite

return TestSuite
