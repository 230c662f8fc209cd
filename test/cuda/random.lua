-- Tests of the device's random numbers: seeds replay, and the distributions have their moments.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

local kCount = 200001

local function draw(seed)
  cutorch.manualSeed(seed)
  return torch.CudaTensor(1001):uniform():float(), torch.CudaDoubleTensor(77):normal():double()
end

function test.equal_seeds_give_equal_numbers()
  local a, b = draw(5)
  local c, d = draw(5)
  local e = draw(6)

  tester:assertTensorEq(a, c, 0)
  tester:assertTensorEq(b, d, 0)
  tester:assertgt((a - e):abs():max(), 0.1)
  tester:asserteq(cutorch.initialSeed(), 6)
end

function test.a_state_replays()
  cutorch.manualSeed(3)
  torch.CudaTensor(99):uniform()
  local state = cutorch.getRNGState()
  local first = torch.CudaTensor(100):normal():float()

  cutorch.setRNGState(state)

  tester:assertTensorEq(torch.CudaTensor(100):normal():float(), first, 0)
  tester:assertErrorPattern(function() cutorch.setRNGState(torch.ByteTensor(3)) end, 'RNG state is wrong size')
end

function test.host_and_device_do_not_share_numbers()
  torch.manualSeed(1)
  local expected = torch.uniform()
  torch.manualSeed(1)

  torch.CudaTensor(10):uniform()

  tester:asserteq(torch.uniform(), expected)
end

-- Five standard errors of the mean, with the distribution's own deviation.
local function moments(x, mean, stdv, what)
  x = x:double()
  tester:assertle(math.abs(x:mean() - mean), 5 * stdv / math.sqrt(x:nElement()), what .. ': mean')
  tester:assertle(math.abs(x:std() - stdv), 0.03 * stdv, what .. ': standard deviation')
end

function test.distributions_have_their_moments()
  cutorch.manualSeed(1)
  for _, Tensor in ipairs {torch.CudaTensor, torch.CudaDoubleTensor} do
    local x = Tensor(kCount)
    moments(x:uniform(2, 6), 4, 4 / math.sqrt(12), 'uniform')
    tester:assert(x:min() >= 2 and x:max() <= 6)
    moments(x:normal(3, 2), 3, 2, 'normal')
    moments(x:exponential(0.5), 2, 2, 'exponential')
    moments(x:logNormal(0, 0.25), math.exp(0.25 ^ 2 / 2),
            math.sqrt((math.exp(0.25 ^ 2) - 1) * math.exp(0.25 ^ 2)), 'logNormal')
    moments(x:bernoulli(0.3), 0.3, math.sqrt(0.21), 'bernoulli')
    moments(x:geometric(0.5), 2, math.sqrt(2), 'geometric')
    moments(x:random(1, 6), 3.5, math.sqrt(35 / 12), 'random')
    moments(x:cauchy():atan(), 0, math.pi / math.sqrt(12), 'cauchy')  -- its quantiles are uniform angles
  end
end

function test.bernoulli_takes_a_probability_for_each_element()
  local p = torch.rand(1000):gt(0.5):float()

  local x = torch.CudaTensor(1000):bernoulli(p:cuda())

  tester:assertTensorEq(x:float(), p, 0)
end

function test.strided_tensors_are_filled()
  local x = torch.CudaTensor(40, 50):fill(-1)

  x:t():narrow(1, 3, 7):uniform(0, 1)

  tester:asserteq(x:lt(0):sum(), 40 * 43)
end

function test.permutations_hold_each_number_once()
  local x = torch.CudaTensor():randperm(500):float()

  tester:assertTensorEq((x:sort()), torch.range(1, 500):float(), 0)
end

tester:add(test):run()
