-- Tests of .npy, .npz and .safetensors files through torch.load, torch.save and torch.safetensors.
local harness = paths.dofile('harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

local function inDirectory(f)
  local directory = harness.directory()
  local good, message = pcall(f, directory .. '/')
  for name in paths.files(directory) do os.remove(directory .. '/' .. name) end
  paths.rmdir(directory)
  if not good then error(message, 0) end
end
local function sample()
  local t = {}
  for _, name in ipairs {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double'} do
    t['a ' .. name] = torch[name .. 'Tensor'](2, 3):copy(torch.range(1, 6)):t()
  end
  t.empty = torch.Tensor()
  return t
end
local function checkSame(read, written)
  for name, x in pairs(written) do
    tester:eq(torch.type(read[name]), torch.type(x))
    tester:eq(read[name]:size():totable(), x:size():totable())
    tester:eq(read[name]:double(), x:double())
  end
  for name in pairs(read) do tester:assert(written[name] ~= nil, name) end
end

function test.npy_is_a_tensor()
  inDirectory(function(d)
    for _, x in pairs(sample()) do
      torch.save(d .. 'x.npy', x)
      checkSame({torch.load(d .. 'x.npy')}, {x})
    end
  end)
end

function test.npz_and_safetensors_are_tables()
  inDirectory(function(d)
    local t = sample()
    for _, name in ipairs {'x.npz', 'x.safetensors'} do
      torch.save(d .. name, t)
      checkSame(torch.load(d .. name), t)
      torch.save(d .. name, {})
      tester:eq(next(torch.load(d .. name)), nil)
    end
  end)
end

function test.the_first_bytes_choose_the_format_and_not_the_name()
  inDirectory(function(d)
    for _, name in ipairs {'x.npy', 'x.npz', 'x.safetensors'} do
      local value = name == 'x.npy' and torch.range(1, 3) or {a = torch.range(1, 3)}
      torch.save(d .. name, value)
      os.rename(d .. name, d .. 'x.t7')
      tester:eq(torch.type(torch.load(d .. 'x.t7')), torch.type(value))
      torch.save(d .. name, {1, 'two'}, 'binary')  -- a mode asks for .t7
      tester:eq(torch.load(d .. name), {1, 'two'})
    end
  end)
end

function test.safetensors_keep_metadata()
  inDirectory(function(d)
    local t = {w = torch.rand(3, 2), b = torch.rand(2):bfloat16()}
    torch.safetensors.save(d .. 'x', t, {format = 'pt', epoch = '3'})
    local read, metadata = torch.safetensors.load(d .. 'x')
    tester:eq(torch.type(read.b), 'torch.BFloat16Tensor')
    tester:eq(read.w, t.w)
    tester:eq(metadata, {format = 'pt', epoch = '3'})
    torch.safetensors.save(d .. 'x', t)
    tester:eq(select(2, torch.safetensors.load(d .. 'x')), {})
  end)
end

function test.errors_name_what_came()
  inDirectory(function(d)
    local x = torch.rand(2)
    local function check(message, f, ...)
      local good, text = pcall(f, ...)
      tester:assert(not good and text:find(message, 1, true) ~= nil, tostring(text))
    end
    check('argument 2 (object): expected a tensor for .npy, got table', torch.save, d .. 'x.npy', {x})
    check('argument 2 (table): expected a table of tensors by names, got torch.DoubleTensor',
          torch.save, d .. 'x.npz', x)
    check('argument 2 (table): expected names as keys, got 1', torch.save, d .. 'x.npz', {x})
    check("argument 2 (table): expected tensors, got number at 'a'", torch.save, d .. 'x.npz', {a = 1})
    check('convert it with :float()', torch.save, d .. 'x.npy', x:bfloat16())
    check('argument 3 (metadata): expected strings, got number', torch.safetensors.save, d .. 'x', {a = x}, {a = 1})
    check('argument 3 (metadata): expected a table of strings, got number',
          torch.safetensors.save, d .. 'x', {a = x}, 1)
    check('No such file', torch.safetensors.load, d .. 'none')
    check('not a NumPy array', function()
      torch.save(d .. 'x.npz', {a = x})
      local file = io.open(d .. 'x.npz', 'r+')
      file:seek('set', 35)
      file:write('no')
      file:close()
      torch.load(d .. 'x.npz')
    end)
    tester:eq(paths.filep(d .. 'x'), false)
  end)
end

tester:add(test):run()
