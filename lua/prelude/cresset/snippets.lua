-- One short example for each operation of the table, shown by `? name` and, with its output, in doc/torch. A new
-- operation needs a line here; then run `th doc/generate.lua`. Examples print; random ones start from seed 1.
return {
  -- Pointwise
  abs = 'print(torch.abs(torch.Tensor{-1, 2}))',
  acos = 'print(torch.acos(torch.Tensor{1, 0}))',
  asin = 'print(torch.asin(torch.Tensor{0, 1}))',
  atan = 'print(torch.atan(torch.Tensor{0, 1}))',
  ceil = 'print(torch.ceil(torch.Tensor{-1.5, 1.2}))',
  cos = 'print(torch.cos(torch.Tensor{0, math.pi}))',
  cosh = 'print(torch.cosh(torch.Tensor{0, 1}))',
  exp = 'print(torch.exp(torch.Tensor{0, 1}))\nprint(torch.exp(1))',
  floor = 'print(torch.floor(torch.Tensor{-1.5, 1.2}))',
  frac = 'print(torch.frac(torch.Tensor{-1.5, 1.25}))',
  log = 'print(torch.log(torch.Tensor{1, math.exp(2)}))',
  log1p = 'print(torch.log1p(torch.Tensor{0, 1}))',
  round = 'print(torch.round(torch.Tensor{-1.5, 0.5, 1.2}))',
  rsqrt = 'print(torch.rsqrt(torch.Tensor{4, 16}))',
  sigmoid = 'print(torch.sigmoid(torch.Tensor{-1, 0, 1}))',
  sin = 'print(torch.sin(torch.Tensor{0, math.pi / 2}))',
  sinh = 'print(torch.sinh(torch.Tensor{0, 1}))',
  sqrt = 'local x = torch.Tensor{4, 9}\nx:sqrt()  -- in place\nprint(x)',
  tan = 'print(torch.tan(torch.Tensor{0, 1}))',
  tanh = 'print(torch.tanh(torch.Tensor{-1, 0, 1}))',
  trunc = 'print(torch.trunc(torch.Tensor{-1.5, 1.5}))',
  neg = 'print(torch.neg(torch.Tensor{-1, 2}))',
  cinv = 'print(torch.cinv(torch.Tensor{2, 4}))',
  sign = 'print(torch.sign(torch.Tensor{-3, 0, 2}))',
  add = [[
local x, y = torch.Tensor{1, 2}, torch.Tensor{10, 20}
print(torch.add(x, 5))
print(torch.add(x, 2, y))  -- x + 2 * y
x:add(y)                   -- in place
print(x)]],
  csub = 'print(torch.csub(torch.Tensor{5, 7}, torch.Tensor{1, 2}))',
  mul = 'print(torch.mul(torch.Tensor{1, 2}, 3))',
  div = 'print(torch.div(torch.Tensor{1, 2}, 4))\nprint(torch.IntTensor{7, -7}:div(2))',
  fmod = 'print(torch.fmod(torch.Tensor{-7, 7}, 3))',
  mod = 'print(torch.mod(torch.Tensor{-7, 7}, 3))',
  remainder = 'print(torch.remainder(torch.Tensor{-7, 7}, 3))',
  cmax = 'local x = torch.Tensor{1, 5}\nprint(torch.cmax(x, torch.Tensor{3, 3}))\nprint(torch.cmax(x, 2))',
  cmin = 'print(torch.cmin(torch.Tensor{1, 5}, torch.Tensor{3, 3}))',
  lshift = 'print(torch.lshift(torch.IntTensor{1, 3}, 2))',
  rshift = 'print(torch.rshift(torch.IntTensor{4, 13}, 2))',
  bitand = 'print(torch.bitand(torch.IntTensor{5, 6}, 3))',
  bitor = 'print(torch.bitor(torch.IntTensor{5, 6}, 3))',
  bitxor = 'print(torch.bitxor(torch.IntTensor{5, 6}, 3))',
  cmul = 'print(torch.cmul(torch.Tensor{1, 2}, torch.Tensor{3, 4}))',
  cdiv = 'print(torch.cdiv(torch.Tensor{1, 2}, torch.Tensor{4, 8}))',
  cpow = 'print(torch.cpow(torch.Tensor{2, 3}, torch.Tensor{3, 2}))',
  cfmod = 'print(torch.cfmod(torch.Tensor{-7, 7}, torch.Tensor{3, 4}))',
  cmod = 'print(torch.cmod(torch.Tensor{-7, 7}, torch.Tensor{3, 4}))',
  cremainder = 'print(torch.cremainder(torch.Tensor{-7, 7}, torch.Tensor{3, 4}))',
  clshift = 'print(torch.clshift(torch.IntTensor{1, 3}, torch.IntTensor{2, 1}))',
  crshift = 'print(torch.crshift(torch.IntTensor{8, 3}, torch.IntTensor{2, 1}))',
  cbitand = 'print(torch.cbitand(torch.IntTensor{5, 6}, torch.IntTensor{3, 4}))',
  cbitor = 'print(torch.cbitor(torch.IntTensor{5, 6}, torch.IntTensor{3, 4}))',
  cbitxor = 'print(torch.cbitxor(torch.IntTensor{5, 6}, torch.IntTensor{3, 4}))',
  atan2 = 'print(torch.atan2(torch.Tensor{0, 1}, torch.Tensor{1, 0}))',
  addcmul = 'local x, y = torch.Tensor{1, 2}, torch.Tensor{3, 4}\nprint(torch.addcmul(x, 10, y, y))',
  addcdiv = 'local x, y = torch.Tensor{1, 2}, torch.Tensor{4, 8}\nprint(torch.addcdiv(x, 8, x, y))',
  lt = 'print(torch.lt(torch.Tensor{1, 2, 3}, 2))',
  le = 'print(torch.le(torch.Tensor{1, 2, 3}, 2))',
  gt = 'local x = torch.Tensor{1, 2, 3}\nprint(x:gt(2))\nprint(x[x:gt(1)])',
  ge = 'print(torch.ge(torch.Tensor{1, 2, 3}, 2))',
  eq = 'print(torch.eq(torch.Tensor{1, 2}, torch.Tensor{1, 3}))',
  ne = 'print(torch.ne(torch.Tensor{1, 2}, torch.Tensor{1, 3}))',
  pow = 'local x = torch.Tensor{1, 2, 3}\nprint(torch.pow(x, 2))\nprint(torch.pow(2, x))',
  clamp = 'print(torch.clamp(torch.Tensor{-2, 0.5, 3}, -1, 1))',
  lerp = 'print(torch.lerp(torch.Tensor{0, 10}, torch.Tensor{4, 20}, 0.25))',
  equal = 'print(torch.equal(torch.Tensor{1, 2}, torch.Tensor{1, 2}))',

  -- Filling and counting
  fill = 'print(torch.Tensor(2, 2):fill(7))',
  zero = 'print(torch.Tensor(2):zero())',
  numel = 'print(torch.numel(torch.Tensor(2, 3)))',

  -- Reductions
  sum = 'local x = torch.Tensor{{1, 2}, {3, 4}}\nprint(x:sum())\nprint(x:sum(1))',
  prod = 'local x = torch.Tensor{{1, 2}, {3, 4}}\nprint(x:prod())\nprint(x:prod(2))',
  max = [[
local x = torch.Tensor{{1, 5}, {4, 3}}
print(x:max())
local values, indices = x:max(2)
print(values, indices)]],
  min = 'local values, indices = torch.min(torch.Tensor{{1, 5}, {4, 3}}, 1)\nprint(values, indices)',
  mean = 'local x = torch.Tensor{{1, 2}, {3, 4}}\nprint(x:mean())\nprint(x:mean(1))',
  var = 'local x = torch.Tensor{1, 2, 3, 4}\nprint(x:var())\nprint(x:var(true))',
  std = 'print(torch.std(torch.Tensor{1, 3}))',
  norm = 'local x = torch.Tensor{3, 4}\nprint(x:norm())\nprint(x:norm(1))',
  dist = 'print(torch.dist(torch.Tensor{0, 0}, torch.Tensor{3, 4}))',
  all = 'print(torch.ByteTensor{1, 0}:all())',
  any = 'print(torch.ByteTensor{1, 0}:any())',
  cumsum = 'print(torch.cumsum(torch.Tensor{1, 2, 3}))',
  cumprod = 'print(torch.cumprod(torch.Tensor{1, 2, 3}))',

  -- Products
  dot = 'print(torch.dot(torch.Tensor{1, 2}, torch.Tensor{3, 4}))',
  mv = 'print(torch.mv(torch.Tensor{{1, 2}, {3, 4}}, torch.Tensor{1, 1}))',
  mm = 'print(torch.mm(torch.Tensor{{1, 2}, {3, 4}}, torch.Tensor{{0, 1}, {1, 0}}))',
  bmm = 'print(torch.bmm(torch.ones(2, 1, 3), torch.ones(2, 3, 1)))',
  ger = 'print(torch.ger(torch.Tensor{1, 2}, torch.Tensor{3, 4}))',
  addmv = 'print(torch.addmv(torch.Tensor{10, 20}, torch.Tensor{{1, 2}, {3, 4}}, torch.Tensor{1, 1}))',
  addmm = [[
local a, t = torch.Tensor{{1, 2}, {3, 4}}, torch.ones(2, 2)
print(torch.addmm(t, a, a))
t:addmm(0, 1, a, a)  -- 0 * t + 1 * a * a, in place
print(t)]],
  addr = 'print(torch.zeros(2, 2):addr(torch.Tensor{1, 2}, torch.Tensor{3, 4}))',
  addbmm = 'print(torch.addbmm(torch.zeros(1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1)))',
  baddbmm = 'print(torch.baddbmm(torch.ones(2, 1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1)))',

  -- Creation
  zeros = "print(torch.zeros(2, 2))\nprint(torch.zeros(2, 'torch.IntTensor'):type())",
  ones = 'print(torch.ones(2, 2))',
  eye = 'print(torch.eye(2))',
  range = 'print(torch.range(1, 2, 0.5))',
  linspace = 'print(torch.linspace(0, 1, 3))',
  logspace = 'print(torch.logspace(0, 2, 3))',
  reshape = 'print(torch.reshape(torch.range(1, 4), 2, 2))',
  squeeze = 'print(torch.squeeze(torch.ones(1, 2, 1)))\nprint(torch.squeeze(torch.ones(1, 1)))',

  -- Random numbers
  random = 'print(torch.random(6))\nprint(torch.LongTensor(2):random(10, 20))',
  bernoulli = 'print(torch.Tensor(3):bernoulli(0.5))',
  geometric = 'print(torch.geometric(0.5))',
  uniform = 'print(torch.uniform(-1, 1))\nprint(torch.Tensor(2):uniform())',
  normal = 'print(torch.normal(0, 1))\nprint(torch.Tensor(2):normal())',
  cauchy = 'print(torch.cauchy())',
  logNormal = 'print(torch.logNormal())',
  exponential = 'print(torch.exponential(2))',
  rand = 'print(torch.rand(2, 2))',
  randn = 'print(torch.randn(2, 2))',
  randperm = 'print(torch.randperm(4))',
  multinomial = 'print(torch.multinomial(torch.Tensor{0.1, 0.9}, 4, true))',
  multinomialAliasSetup_ = [[
local p = torch.Tensor{0.1, 0.9}
local J, q = p.multinomialAliasSetup_(p, torch.LongTensor(), p.new())
print(J, q)]],
  multinomialAlias_ = [[
local state = torch.multinomialAliasSetup(torch.Tensor{0.1, 0.9})
print(torch.multinomialAlias(torch.LongTensor(3), state))]],

  -- Positions and masks
  index = 'local x = torch.Tensor{{1, 2}, {3, 4}}\nprint(x:index(1, torch.LongTensor{2, 2}))',
  indexCopy = 'local x = torch.zeros(3)\nprint(x:indexCopy(1, torch.LongTensor{3, 1}, torch.Tensor{7, 8}))',
  indexAdd = 'local x = torch.ones(2)\nprint(x:indexAdd(1, torch.LongTensor{2, 2}, torch.Tensor{3, 4}))',
  indexFill = 'print(torch.zeros(2, 2):indexFill(2, torch.LongTensor{1}, 5))',
  gather = 'local x = torch.Tensor{{1, 2}, {3, 4}}\nprint(torch.gather(x, 2, torch.LongTensor{{2}, {1}}))',
  scatter = 'print(torch.zeros(2, 3):scatter(2, torch.LongTensor{{3}, {1}}, 1))',
  maskedFill = 'local x = torch.Tensor{1, 2, 3}\nprint(x:maskedFill(x:gt(1), 0))',
  maskedCopy = 'print(torch.zeros(3):maskedCopy(torch.ByteTensor{0, 1, 1}, torch.Tensor{7, 8}))',
  maskedSelect = 'print(torch.Tensor{1, 2, 3}:maskedSelect(torch.ByteTensor{1, 0, 1}))',
  nonzero = 'print(torch.nonzero(torch.Tensor{{0, 2}, {3, 0}}))',
  where = [[
local x = torch.Tensor{{1, -2}, {-3, 4}}
print(torch.where(x:gt(0), x, 0))
print(torch.where(torch.ByteTensor{1, 0}, x, -x))  -- the condition is broadcast]],

  -- Order
  sort = 'local values, indices = torch.sort(torch.Tensor{3, 1, 2})\nprint(values, indices)',
  topk = 'local values, indices = torch.topk(torch.Tensor{3, 1, 2}, 2, 1, true, true)\nprint(values, indices)',
  kthvalue = 'local value, index = torch.kthvalue(torch.Tensor{3, 1, 2}, 2)\nprint(value, index)',
  median = 'local value, index = torch.median(torch.Tensor{4, 1, 3, 2})\nprint(value, index)',
  mode = 'print((torch.mode(torch.Tensor{1, 2, 2, 3})))',

  -- Matrices
  cat = 'local x = torch.Tensor{{1, 2}}\nprint(torch.cat(x, x, 1))\nprint(torch.cat({x, x, x}, 2))',
  diag = 'print(torch.diag(torch.Tensor{1, 2}))\nprint(torch.diag(torch.Tensor{{1, 2}, {3, 4}}))',
  tril = 'print(torch.tril(torch.ones(3, 3), -1))',
  triu = 'print(torch.triu(torch.ones(3, 3)))',
  trace = 'print(torch.trace(torch.Tensor{{1, 2}, {3, 4}}))',
  cross = 'print(torch.cross(torch.Tensor{1, 0, 0}, torch.Tensor{0, 1, 0}))',
  renorm = 'print(torch.renorm(torch.Tensor{{3, 4}, {0, 1}}, 2, 1, 1))',
  match = 'print(torch.match(torch.Tensor{{0, 0}}, torch.Tensor{{3, 4}, {1, 0}}, 1))',
  histc = 'print(torch.histc(torch.Tensor{1, 2, 2, 4}, 3, 1, 4))',
  bhistc = 'print(torch.bhistc(torch.Tensor{{1, 2, 2}, {3, 3, 3}}, 3, 1, 3))',

  -- Linear algebra: signs of vectors and last digits are the library's, so these print what does not depend on them
  gesv = [[
local A, B = torch.Tensor{{1, 4}, {2, 4}}, torch.Tensor{9, 10}
local X = torch.gesv(B, A)
print(X, torch.mm(A, X))]],
  gels = [[
local A, B = torch.Tensor{{1, 0}, {1, 1}, {1, 2}}, torch.Tensor{1, 2, 4}
print((torch.gels(B, A)))  -- the line nearest to three points]],
  trtrs = [[
local A, B = torch.Tensor{{2, 1}, {0, 4}}, torch.Tensor{4, 8}
print((torch.trtrs(B, A)))
print((torch.trtrs(B, A, 'U', 'T')))]],
  symeig = [[
local A = torch.Tensor{{2, 1}, {1, 2}}
local e, V = torch.symeig(A, 'V')
print(torch.round(e))
print(torch.round(V * torch.diag(e) * V:t()))]],
  eig = 'print((torch.eig(torch.Tensor{{1, -4}, {4, 1}})))  -- 1 + 4i and 1 - 4i',
  svd = [[
local U, S, V = torch.svd(torch.Tensor{{1, 2}, {2, 1}, {2, 2}})
print(S)
print(torch.round(U * torch.diag(S) * V:t()))]],
  inverse = 'print(torch.inverse(torch.Tensor{{2, 1}, {2, 2}}))',
  potrf = "local A = torch.Tensor{{4, 2}, {2, 5}}\nprint(torch.potrf(A))\nprint(torch.potrf(A, 'L'))",
  potrs = 'local U = torch.potrf(torch.Tensor{{4, 2}, {2, 5}})\nprint(torch.potrs(torch.Tensor{8, 12}, U))',
  potri = 'local U = torch.potrf(torch.Tensor{{4, 2}, {2, 5}})\nprint(torch.potri(U))',
  pstrf = 'local U, pivots = torch.pstrf(torch.Tensor{{5, 8}, {8, 16}})\nprint(U, pivots)',
  qr = [[
local Q, R = torch.qr(torch.Tensor{{3, 1}, {4, 2}})
print(torch.abs(R))
print(torch.round(Q * R))]],
  geqrf = [[
local packed, tau = torch.geqrf(torch.Tensor{{3, 1}, {4, 2}})
print(torch.abs(torch.triu(packed)))  -- R, but for the signs
print(tau:size(1))]],
  orgqr = [[
local packed, tau = torch.geqrf(torch.Tensor{{3, 1}, {4, 2}})
local Q = torch.orgqr(packed, tau)
print(torch.round(Q * torch.triu(packed)))]],
  ormqr = [[
local packed, tau = torch.geqrf(torch.Tensor{{3, 1}, {4, 2}})
local R = torch.triu(packed)
print(torch.round(torch.ormqr(packed, tau, R)))  -- Q R]],

  -- Convolution
  conv2 = [[
local x, k = torch.range(1, 9):reshape(3, 3), torch.Tensor{{1, 0}, {0, 2}}
print(torch.conv2(x, k))
print(torch.conv2(x, k, 'F'))]],
  xcorr2 = [[
local x, k = torch.range(1, 9):reshape(3, 3), torch.Tensor{{1, 0}, {0, 2}}
print(torch.xcorr2(x, k))
print(torch.xcorr2(x, k, 'F'))]],
  conv3 = 'local x, k = torch.range(1, 8):reshape(2, 2, 2), torch.Tensor{{{1, 10}}}\nprint(torch.conv3(x, k))',
  xcorr3 = 'local x, k = torch.range(1, 8):reshape(2, 2, 2), torch.Tensor{{{1, 10}}}\nprint(torch.xcorr3(x, k))',

  -- Fourier transforms
  fft = 'print(torch.fft(torch.Tensor{{1, 2}, {3, 5}}))  -- of 1 + 2i, 3 + 5i',
  ifft = 'print(torch.ifft(torch.Tensor{{4, 7}, {-2, -3}}))',
  rfft = 'print(torch.rfft(torch.Tensor{1, 2, 3, 4}))',
  irfft = [[
print(torch.irfft(torch.Tensor{{10, 0}, {-2, 2}, {-2, 0}}))
local X = torch.rfft(torch.Tensor{1, 2, 3})
print(torch.round(torch.irfft(X, 3)))  -- an odd length is to be given]],
  fft2 = 'print(torch.fft2(torch.Tensor{{{1, 1}, {2, 3}}, {{5, 2}, {9, 1}}}))',
  ifft2 = 'print(torch.ifft2(torch.Tensor{{{17, 7}, {-5, -1}}, {{-11, 1}, {3, -3}}}))',
}
