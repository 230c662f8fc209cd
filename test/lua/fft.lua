-- Fourier transforms as scripts call them; the sums themselves are tested in C++.
local tester = torch.Tester()
local test = torch.TestSuite()

-- exp(2 pi i j f / n) as a complex tensor
local function wave(n, f)
  local angle = torch.range(0, n - 1):mul(2 * math.pi * f / n)
  return torch.cat(torch.cos(angle), torch.sin(angle), 2)
end

function test.a_wave_becomes_one_peak()
  local spectrum = torch.fft(wave(12, 3))

  local expected = torch.zeros(12, 2)
  expected[4][1] = 12
  tester:assertTensorEq(spectrum, expected, 1e-14)
  tester:assertTensorEq(torch.ifft(spectrum), wave(12, 3), 1e-14)
  tester:assertTensorEq(expected:ifft(), wave(12, 3), 1e-14)
end

function test.functions_and_methods_write_into_a_result()
  local x, result = torch.randn(3, 8):float(), torch.FloatTensor()

  tester:assert(torch.rfft(result, x) == result)
  tester:eq(result:size():totable(), {3, 5, 2})
  tester:assertTensorEq(torch.irfft(result), x, 1e-6)
  tester:assertTensorEq(torch.irfft(x:rfft(), 8), x, 1e-6)
  tester:assertTensorEq(x:narrow(2, 1, 7):rfft():irfft(7), x:narrow(2, 1, 7), 1e-6)
  tester:assert(result:fft(result) == result)
end

function test.images_go_both_ways()
  local x = torch.randn(2, 6, 5, 2)

  tester:assertTensorEq(torch.ifft2(torch.fft2(x)), x, 1e-14)
end

function test.products_of_spectra_are_circular_convolutions()
  local x, k = torch.randn(1, 9), torch.zeros(1, 9)
  k:narrow(2, 1, 3):copy(torch.randn(1, 3))
  local a, b = torch.rfft(x), torch.rfft(k)
  local product = a:clone()
  local function part(z, i) return z:select(3, i) end
  part(product, 1):cmul(part(a, 1), part(b, 1)):addcmul(-1, part(a, 2), part(b, 2))
  part(product, 2):cmul(part(a, 1), part(b, 2)):addcmul(1, part(a, 2), part(b, 1))

  local circular = torch.irfft(product, 9)

  tester:assertTensorEq(circular:narrow(2, 3, 7), torch.conv2(x, k:narrow(2, 1, 3)), 1e-14)
end

function test.errors_say_what_is_expected()
  local function fails(f, fragment)
    local ok, message = pcall(f)
    tester:assert(not ok and message:find(fragment, 1, true) ~= nil, tostring(message))
  end

  fails(function() torch.fft(torch.zeros(8)) end, 'fft: argument 2 (x): expected complex numbers')
  fails(function() torch.irfft(torch.zeros(5, 2), 5) end, 'irfft: argument 3 (n): expected a length of 8 or 9')
  fails(function() torch.fft(torch.IntTensor(4, 2)) end, 'torch.IntTensor does not implement the torch.fft() function')
  fails(function() torch.fft() end, 'no arguments provided')
end

tester:add(test):run()
