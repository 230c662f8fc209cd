-- nn.Container: the base of all modules that hold others, in the field `modules`. Scripts read and change that list.
local torch = require 'torch'
local traceback = require 'cresset.traceback'
local checkModule = require 'nn.checkModule'
local fail = require 'nn.fail'
local renewState = require 'nn.renewState'

local Container, parent = torch.class('nn.Container', 'nn.Module')

function Container:__init(...)
  parent.__init(self, ...)
  self.modules = {}
end

function Container:add(module)
  checkModule(self, 'add', module)
  table.insert(self.modules, module)
  return self
end

function Container:get(index) return self.modules[index] end
function Container:size() return #self.modules end

function Container:applyToModules(visit)
  for _, module in ipairs(self.modules) do visit(module) end
end

function Container:zeroGradParameters()
  for _, module in ipairs(self.modules) do module:zeroGradParameters() end
end

function Container:updateParameters(learningRate)
  for _, module in ipairs(self.modules) do module:updateParameters(learningRate) end
end

-- A container hands the right input and gradient to the accGradParameters of each child: for the time of the call these
-- methods update instead of accumulating.
function Container:accUpdateGradParameters(input, gradOutput, learningRate)
  local own = {}
  local function replace(module)
    local method = rawget(module, 'accGradParameters')
    own[module] = {method}
    local function update(_, childInput, childGradOutput)
      module.accGradParameters = method
      module:accUpdateGradParameters(childInput, childGradOutput, learningRate)
      module.accGradParameters = update  -- the same child may come again
    end
    module.accGradParameters = update
  end
  for _, module in ipairs(self.modules) do
    if not own[module] then replace(module) end
  end
  local ended, message = pcall(self.accGradParameters, self, input, gradOutput, learningRate)
  for module, method in pairs(own) do module.accGradParameters = method[1] end
  if not ended then error(message, 0) end
end

function Container:training()
  for _, module in ipairs(self.modules) do module:training() end
  parent.training(self)
end

function Container:evaluate()
  for _, module in ipairs(self.modules) do module:evaluate() end
  parent.evaluate(self)
end

function Container:reset(stdv)
  for _, module in ipairs(self.modules) do module:reset(stdv) end
end

function Container:share(other, ...)
  for i, module in ipairs(self.modules) do module:share(other.modules[i], ...) end
  return self
end

local function append(list, value)
  if type(value) == 'table' then
    for _, entry in ipairs(value) do append(list, entry) end
  elseif value ~= nil then
    list[#list + 1] = value
  end
end

function Container:parameters()
  local parameters, gradients = {}, {}
  for _, module in ipairs(self.modules) do
    local p, g = module:parameters()
    append(parameters, p)
    append(gradients, g)
  end
  return parameters, gradients
end

function Container:clearState()
  renewState(self)
  for _, module in pairs(self.modules) do module:clearState() end
  return self
end

-------------------------------------------------------------------------------------------------------------- errors
-- Ends the text of an error inside a container; C++ containers write the same.
local kWarning = "WARNING: If you see a stack trace below, it doesn't point to the place where this error occurred. " ..
                   'Please use only the one above.'

-- The traceback is added once, where the error happened.
local function handle(message)
  if type(message) == 'string' and message:find(kWarning, 1, true) then return message end
  return traceback(message, 2) .. '\n\n' .. kWarning
end

-- Calls method `name` of child `index`. An error gets a line that says where in the tree it happened.
function Container:rethrowErrors(module, index, name, ...)
  if not rawequal(module, self.modules[index]) then
    fail('mismatch between moduleIndex and self.modules in rethrowErrors')
  end
  local ended, result, second = xpcall(module[name], handle, module, ...)
  if ended then
    if second ~= nil then fail('rethrowErrors supports only one return argument') end
    return result
  end
  -- A container inside has put its own lines behind the position that Lua added.
  local inner = result:match('^[^\n]*\n(In %d+ module of .*)$') or result
  fail(('\nIn %d module of %s:\n%s'):format(index, torch.typename(self), inner))
end

return Container
