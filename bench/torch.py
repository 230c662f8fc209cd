"""The operations of a Torch script on 10 to 10^7 floats."""
import math

from timing import import_torch, row as timed_row

torch = import_torch()


def vectors(n, row):
    a, b, c = torch.rand(n) + 0.1, torch.rand(n) + 0.1, torch.rand(n)

    row("add_new", lambda: a + b)
    row("add_out", lambda: torch.add(a, b, out=c))
    row("add_inplace", lambda: c.add_(b))
    row("mul_out", lambda: torch.mul(a, b, out=c))
    row("add_scalar_out", lambda: torch.add(a, 1.5, out=c))
    row("axpy_inplace", lambda: c.add_(b, alpha=1e-6))
    row("div_out", lambda: torch.div(a, b, out=c))
    row("exp_out", lambda: torch.exp(a, out=c))
    row("log_out", lambda: torch.log(a, out=c))
    row("tanh_out", lambda: torch.tanh(a, out=c))
    row("sigmoid_out", lambda: torch.sigmoid(a, out=c))
    row("sqrt_out", lambda: torch.sqrt(a, out=c))
    row("pow1.7_out", lambda: torch.pow(a, 1.7, out=c))
    row("cmax0_out", lambda: torch.clamp(a, min=0.0, out=c))
    row("gt_new", lambda: a > 0.5)
    row("sum", lambda: a.sum().item())
    row("max", lambda: a.max().item())
    row("norm", lambda: a.norm().item())
    row("std", lambda: a.std().item())
    row("dot", lambda: a.dot(b).item())
    row("copy", lambda: c.copy_(a))
    row("fill", lambda: c.fill_(1.0))
    row("randn", lambda: c.normal_())
    row("rand", lambda: c.uniform_())
    row("bernoulli", lambda: c.bernoulli_(0.5))
    row("cumsum", lambda: torch.cumsum(a, 0, out=c))


def moves(n, row):
    a, b = torch.rand(n) + 0.1, torch.rand(n) + 0.1
    mask = a > 0.6

    row("sort", lambda: a.sort())
    row("topk10", lambda: a.topk(10))
    row("masked_select", lambda: a.masked_select(mask))
    row("cat", lambda: torch.cat((a, b)))
    row("to_double", lambda: a.double())


def matrices(n, row):
    """On the square matrix of about n elements."""
    m = math.isqrt(n)
    x, y, line = torch.rand(m, m) + 0.1, torch.rand(m, m), torch.rand(m)
    indices = torch.randint(0, m, (m,))
    places = indices.expand(m, m).clone()

    row("transpose_copy", lambda: y.copy_(x.t()))
    row("sum_dim0", lambda: x.sum(0))
    row("sum_dim1", lambda: x.sum(1))
    row("max_dim1", lambda: x.max(1))
    row("softmax_dim1", lambda: torch.softmax(x, 1))
    row("logsoftmax_dim1", lambda: torch.log_softmax(x, 1))
    row("bcast_add_row", lambda: torch.add(x, line, out=y))
    row("strided_add", lambda: torch.add(x.t(), x, out=y))
    row("index_select0", lambda: x.index_select(0, indices))
    row("gather1", lambda: x.gather(1, places))


with torch.no_grad():
    for n in (10, 1000, 100000, 10000000):

        def row(name, f):
            timed_row(f"{name}_n{n}", f)

        vectors(n, row)
        moves(n, row)
        matrices(n, row)
