-- Tests of products on the device, against the CPU, with operands in every layout.
local harness = paths.dofile('harness.lua')
harness.require()
local tester = torch.Tester()
local test = torch.TestSuite()

local layouts = {
  contiguous = function(x) return x end,
  transposed = function(x) return x:t():contiguous():t() end,
  narrowed = function(x)
    local wide = x.new(x:size(1) + 3, x:size(2) + 5):zero()
    return wide:narrow(1, 2, x:size(1)):narrow(2, 4, x:size(2)):copy(x)
  end,
  expanded = function(x) return x:narrow(1, 1, 1):expandAs(x) end,
}

local function eachType(f)
  for _, typename in ipairs(harness.floating) do
    f(function(...) return torch.rand(...):add(-0.5):type(typename) end, harness.cudaType(typename), typename)
  end
end

function test.matrix_products_in_every_layout()
  eachType(function(make, cuda, typename)
    for _, shape in ipairs {{37, 45, 33}, {1, 45, 33}, {37, 1, 33}, {37, 45, 1}, {1, 1, 1}} do
      local m, k, n = unpack(shape)
      for nameA, layoutA in pairs(layouts) do
        for nameB, layoutB in pairs(layouts) do
          local a, b = layoutA(make(m, k)), layoutB(make(k, n))
          local da, db = layoutA(a:type(cuda)), layoutB(b:type(cuda))
          local what = ('%s %dx%dx%d %s %s'):format(typename, m, k, n, nameA, nameB)
          harness.same(tester, torch.mm(da, db), torch.mm(a, b), what)
          local c = make(n, m)
          local dc = c:type(cuda)
          c:t():addmm(0.5, c:t(), 2, a, b)
          dc:t():addmm(0.5, dc:t(), 2, da, db)
          harness.same(tester, dc, c, 'addmm ' .. what)
        end
      end
    end
  end)
end

function test.beta_zero_ignores_nan()
  local r = torch.CudaTensor(3, 3):fill(0 / 0)

  r:addmm(0, r, 1, torch.CudaTensor(3, 2):fill(1), torch.CudaTensor(2, 3):fill(1))

  tester:asserteq(r:sum(), 18)
end

function test.vectors_and_batches()
  eachType(function(make, cuda, typename)
    local m, v, u = make(37, 45), make(45), make(37)
    local dm, dv, du = m:type(cuda), v:type(cuda), u:type(cuda)
    harness.same(tester, torch.mv(dm, dv), torch.mv(m, v), 'mv ' .. typename)
    harness.same(tester, torch.mv(dm:t(), du), torch.mv(m:t(), u), 'mv transposed ' .. typename)
    harness.same(tester, torch.ger(du, dv), torch.ger(u, v), 'ger ' .. typename)
    tester:assertle(math.abs(dv:dot(dv) - v:dot(v)), 1e-4, 'dot ' .. typename)
    local a, b = make(5, 7, 9), make(5, 9, 11)
    harness.same(tester, torch.bmm(a:type(cuda), b:type(cuda)), torch.bmm(a, b), 'bmm ' .. typename)
    harness.same(tester, dm * dm:t(), m * m:t(), 'operator ' .. typename)
  end)
end

function test.integers_have_dot_but_no_matrix_product()
  local x = torch.range(1, 100):long()
  tester:asserteq(x:cudaLong():dot(x:cudaLong()), x:dot(x))
  tester:assertErrorPattern(function()
    torch.mm(torch.CudaIntTensor(2, 2):fill(1), torch.CudaIntTensor(2, 2):fill(1))
  end, 'addmm: not available for torch.CudaIntTensor')
end

function test.wrong_sizes_name_both()
  tester:assertErrorPattern(function() torch.mm(torch.CudaTensor(2, 3), torch.CudaTensor(2, 3)) end, 'size mismatch')
end

tester:add(test):run()
