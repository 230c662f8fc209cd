-- Tests of `require 'cutorch'` where there is no device, which is hidden from a second process when there is one.
local harness = paths.dofile('../lua/harness.lua')
local tester = torch.Tester()
local test = torch.TestSuite()

-- Runs a script that sees no GPU.
local function run(script)
  return harness.run("local ffi = require 'ffi' ffi.cdef 'int setenv(const char *, const char *, int);' " ..
                     "ffi.C.setenv('CUDA_VISIBLE_DEVICES', '-1', 1) " .. script)
end

function test.says_what_is_missing_and_goes_on()
  local output, errors, status = run [[
    local ok, message = pcall(require, 'cutorch')
    print(ok, message)
    io.write(torch.range(1, 4):sum(), '\n')
  ]]

  tester:asserteq(status, 0, errors)
  local message = output:match '^false\t(.-)\n'
  tester:assert(message ~= nil, output)
  message = message or ''
  local named = message:find 'has no CUDA plugin' or message:find 'needs lib' or message:find 'no NVIDIA driver' or
                message:find 'driver is too old' or message:find 'no CUDA device'
  tester:assert(named ~= nil, message)
  tester:assert(output:find '\n10\n$' ~= nil, output)
end

function test.a_second_attempt_gives_the_same_message()
  local output = run [[
    for _ = 1, 2 do io.write(select(2, pcall(require, 'cutorch')), '\n') end
    io.write(tostring(cutorch))
  ]]

  local first, second, global = output:match '^(.-)\n(.-)\n(.*)$'
  tester:asserteq(second, first)
  tester:asserteq(global, 'nil')
end

function test.a_script_ends_with_the_message_at_its_line()
  local _, errors, status = run "require 'cutorch'"

  tester:asserteq(status, 1)
  tester:assert(errors:find ':1: cutorch: ' ~= nil, errors)
end

function test.conversion_names_the_package_to_require()
  local output = run [[
    print(pcall(function() return torch.FloatTensor(2):cuda() end))
    print(pcall(function() return torch.FloatTensor(2):type('torch.CudaDoubleTensor') end))
    torch.setdefaulttensortype('torch.CudaTensor')
    print(pcall(function() return torch.Tensor(2) end))
    io.write(torch.Tensor():dim())
  ]]

  local _, count = output:gsub("no GPU memory: the CUDA plugin is not loaded %(require 'cutorch'%)", '')
  tester:asserteq(count, 3, output)
  tester:assert(output:find '\n0$' ~= nil, output)
end

-- Scripts ask `if torch.CudaTensor then`.
function test.types_are_not_there_before_cutorch()
  local output, errors = run [[
    print(torch.CudaTensor, torch.getmetatable('torch.CudaLongTensor'), torch.CudaStorage)
    torch.CudaTensor(2)
  ]]
  tester:assert(output:find 'nil%s+nil%s+nil' ~= nil, output)
  local reason = "attempt to call field 'CudaTensor' (a nil value); it comes with require 'cutorch'"
  tester:assert(errors:find(reason, 1, true) ~= nil, errors)
end

tester:add(test):run()
