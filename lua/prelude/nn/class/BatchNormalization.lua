-- nn.BatchNormalization beside what it computes, which is in C++: old files, and the state to clear.
local torch = require 'torch'
local utils = require 'nn.utils'

local BatchNormalization = torch.getmetatable('nn.BatchNormalization')
local parent = torch.getmetatable('nn.Module')

BatchNormalization.nDim = 2  -- of a batch

-- Files before version 2 have running_std = 1 / sqrt(var + eps).
function BatchNormalization:read(file, version)
  parent.read(self, file)
  if version < 2 and self.running_std then
    self.running_var = torch.pow(self.running_std, -2):add(-self.eps)
    self.running_std = nil
  end
end

-- The last seven are fields of old files.
function BatchNormalization:clearState()
  utils.clear(self, 'save_mean', 'save_std', '_input', '_gradOutput', 'buffer', 'buffer2', 'centered', 'std',
              'normalized')
  return parent.clearState(self)
end

return BatchNormalization
