"""One update of 10^7 parameters."""
from timing import import_torch, row

torch = import_torch()
x = torch.nn.Parameter(torch.rand(10_000_000))
x.grad = torch.rand(10_000_000)

row("adam_1e7", torch.optim.Adam([x], lr=1e-3).step)
row("sgd_1e7", torch.optim.SGD([x], lr=0.1).step)
row("sgd_momentum_1e7", torch.optim.SGD([x], lr=0.1, momentum=0.9).step)
