-- nn.Sequential's list of children; what it computes is in C++. `output` and `gradInput` are those of the last and the
-- first child.
local torch = require 'torch'
local checkModule = require 'nn.checkModule'
local fail = require 'nn.fail'

local Sequential = torch.getmetatable('nn.Sequential')

local function refresh(self)
  local n = #self.modules
  self.output = n > 0 and self.modules[n].output or torch.Tensor()
  self.gradInput = n > 0 and self.modules[1].gradInput or torch.Tensor()
end

function Sequential:add(module)
  checkModule(self, 'add', module)
  if #self.modules == 0 then self.gradInput = module.gradInput end
  table.insert(self.modules, module)
  self.output = module.output
  return self
end

function Sequential:insert(module, index)
  checkModule(self, 'insert', module)
  index = index or #self.modules + 1
  if not (index >= 1 and index <= #self.modules + 1) then fail('index should be contiguous to existing modules') end
  table.insert(self.modules, index, module)
  refresh(self)
end

function Sequential:remove(index)
  index = index or #self.modules
  if not (index >= 1 and index <= #self.modules) then fail('index out of range') end
  table.remove(self.modules, index)
  refresh(self)
end

function Sequential:__len__() return #self.modules end

return Sequential
