-- checkModule(container, method, module): raises an error at the user's line when the argument is no module.
local torch = require 'torch'
local fail = require 'nn.fail'

return function(container, method, module)
  if type(module) == 'table' then return end
  fail(("attempt to index local 'module' (a %s value): %s:%s: argument 1: expected module, got %s"):format(
    type(module), torch.typename(container), method, torch.type(module)))
end
