"""Operations on ten elements, where the call is all that costs: a thousand calls a row."""
from timing import import_torch, row

torch = import_torch()
a, b, m = torch.rand(10), torch.rand(10), torch.rand(10, 10)


def thousand(f):
    def loop():
        for _ in range(1000):
            f()

    return loop


with torch.no_grad():
    row("add_in_place_10_x1000", thousand(lambda: a.add_(b)))
    row("add_new_10_x1000", thousand(lambda: torch.add(a, b)))
    row("narrow_x1000", thousand(lambda: a.narrow(0, 1, 3)))
    row("select_x1000", thousand(lambda: m.select(0, 2)))
    row("sum_10_x1000", thousand(lambda: a.sum().item()))
    row("new_10_x1000", thousand(lambda: torch.empty(10)))
