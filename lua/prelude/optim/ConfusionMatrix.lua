-- optim.ConfusionMatrix: counts of what a classifier said (columns) against what was true (rows).
local native = require('cresset.optim').confusion

local ConfusionMatrix = torch.class('optim.ConfusionMatrix')

-- nclasses is a number, or the table of the names; targets below 1 are not counted.
function ConfusionMatrix:__init(nclasses, classes)
  if type(nclasses) == 'table' then
    classes = nclasses
    nclasses = #classes
  end
  if type(nclasses) ~= 'number' or nclasses < 1 then
    error('optim.ConfusionMatrix: argument 1 (nclasses): expected a number of classes > 0 or a table of names, got ' ..
          (type(nclasses) == 'number' and nclasses or torch.type(nclasses)), 3)
  end
  self.mat = torch.LongTensor(nclasses, nclasses):zero()
  self.valids = torch.FloatTensor(nclasses):zero()
  self.unionvalids = torch.FloatTensor(nclasses):zero()
  self.nclasses = nclasses
  self.totalValid = 0
  self.averageValid = 0
  self.classes = classes or {}
  -- Buffers that Torch7 works in, for its sake when it loads the object.
  self._mat_flat = self.mat:view(-1)
  self._target = torch.FloatTensor()
  self._prediction = torch.FloatTensor()
  self._max = torch.FloatTensor()
  self._pred_idx = torch.LongTensor()
  self._targ_idx = torch.LongTensor()
end

local function largest(scores, what)
  if scores:dim() ~= 1 then
    error(('optim.ConfusionMatrix: %s: expected a class or its 1D scores, got %dD %s'):format(
          what, scores:dim(), torch.type(scores)), 3)
  end
  local _, position = torch.max(scores, 1)
  return position[1]
end

-- One sample: classes, or scores of which the largest counts.
function ConfusionMatrix:add(prediction, target)
  if type(prediction) ~= 'number' then
    if not torch.isTensor(prediction) then
      error('optim.ConfusionMatrix: prediction: expected number or torch.*Tensor, got ' .. torch.type(prediction), 2)
    end
    prediction = largest(prediction, 'prediction')
    if torch.isTensor(target) then target = largest(target, 'target') end
  end
  if type(target) ~= 'number' then
    error('optim.ConfusionMatrix: target: expected number, got ' .. torch.type(target), 2)
  end
  native.add(self, prediction, target)
end

-- A batch: classes [batch] or scores [batch x nclasses], for both arguments.
function ConfusionMatrix:batchAdd(predictions, targets) native.batchAdd(self, predictions, targets) end

function ConfusionMatrix:zero()
  self.mat:zero()
  self.valids:zero()
  self.unionvalids:zero()
  self.totalValid = 0
  self.averageValid = 0
end

function ConfusionMatrix:updateValids() native.updateValids(self) end

-- Rates of false rejections and false acceptances: by class with -1 for absent ones, then of the present ones only.
function ConfusionMatrix:farFrr() return native.farFrr(self) end

function ConfusionMatrix:__tostring__()
  self:updateValids()
  return native.toString(self)
end

return ConfusionMatrix
