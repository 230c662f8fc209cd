"""Operations on 10^7 floats, where memory is what costs."""
from lib.timing import import_torch, row

torch = import_torch()
n = 10_000_000
a, b, c = torch.rand(n) + 0.1, torch.rand(n), torch.empty(n)
x, y = a[: 3162 * 3162].view(3162, 3162), c[: 3162 * 3162].view(3162, 3162)

with torch.no_grad():
    row("add_new_1e7", lambda: torch.add(a, b))
    row("add_into_1e7", lambda: torch.add(a, b, out=c))
    row("add_in_place_1e7", lambda: c.add_(b))
    row("exp_1e7", lambda: torch.exp(a, out=c))
    row("tanh_1e7", lambda: torch.tanh(a, out=c))
    row("sum_1e7", lambda: a.sum())
    row("copy_1e7", lambda: c.copy_(a))
    row("transpose_copy_3162", lambda: y.copy_(x.t()))
