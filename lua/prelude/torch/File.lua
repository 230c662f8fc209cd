-- Files and saved objects: the classes torch.DiskFile, ..., and torch.save, torch.load and their kin.
-- torch.load also reads NumPy's .npy and .npz and .safetensors files, whatever their names are; without a mode,
-- torch.save writes them where the name ends so. Bytes and values are read and written in C++ (cresset.file); here is
-- what only the class system knows.
local files = require 'cresset.file'
local class = require 'torch.class'

local M = {}

local parents = {
  ['torch.DiskFile'] = 'torch.File', ['torch.MemoryFile'] = 'torch.File', ['torch.PipeFile'] = 'torch.DiskFile',
}
for _, name in ipairs {'File', 'DiskFile', 'MemoryFile', 'PipeFile'} do
  local fullName = 'torch.' .. name
  class.register(fullName, files.classes[fullName])
  class.newmetatable(fullName, parents[fullName], files[name])
end

-- Packages of our own that are loaded when a file has an object of theirs: the first part of the class name says which.
local packages = {
  nn = 'nn', cudnn = 'cudnn', cunn = 'cunn', nngraph = 'nngraph', graph = 'nngraph', optim = 'optim', tds = 'tds',
  rnn = 'rnn', dpnn = 'dpnn', image = 'image', hdf5 = 'hdf5', autograd = 'autograd', tnt = 'torchnet',
  ['nn.gModule'] = 'nngraph',
}

local function factoryOf(name)
  local factory = class.factory(name)
  if factory then return factory end
  local prefix = name:match('^([^.]+)%.')
  -- Never a file on disk: which Lua code runs is not for a data file to choose.
  for _, module in ipairs {name, packages[name] or packages[prefix] or ''} do
    if package.preload[module] and not package.loaded[module] then
      require(module)
      factory = class.factory(name)
      if factory then return factory end
    end
  end
end

local function unknown(name)
  local package_ = packages[name] or name:match('^([^.]+)%.')
  package_ = packages[package_] or package_
  local hint = 'define it with torch.class first'
  if package_ and package.loaded[package_] then
    hint = ("the package '%s' has no such class"):format(package_)
  elseif package_ then
    hint = ("it seems to come from the package '%s', so require '%s' first"):format(package_, package_)
  end
  return ("unknown Torch class <%s>: %s; torch.load(path, mode, {unknown = 'table'}) makes tables of such objects")
      :format(name, hint)
end

-- Classes whose payload is no table of fields but is known all the same.
local forms = {['tds.Hash'] = 'hash', ['tds.Vec'] = 'list'}

-- An object without fields, the function that reads them when its class has one, and the form of a known payload.
local function instantiate(name, _, unknownTables, file)
  local factory = factoryOf(name)
  if not factory then
    if unknownTables then return {__typename = name}, nil, forms[name] end
    return nil, unknown(name)
  end
  local mt = class.getmetatable(name)
  return factory(file), mt.__read or mt.read
end

files.setClasses(instantiate, class.typename, require 'torch.standin')

-- Generators are written natively, as tensors and storages are; classes that write their parts themselves call these.
local generator = class.getmetatable 'torch.Generator'
generator.read, generator.write = files.readPayload, files.writePayload

for _, name in ipairs {'save', 'load', 'serialize', 'deserialize', 'serializeToStorage', 'deserializeFromStorage'} do
  M[name] = files[name]
end
M.saveobj, M.loadobj = M.save, M.load
M.safetensors = files.safetensors

return M
