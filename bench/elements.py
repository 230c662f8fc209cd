"""Reading and writing single elements in a Python loop: a thousand of them a row."""
from timing import import_torch, row

torch = import_torch()
n, side = 1000, 32
x, m, t = torch.rand(n), torch.rand(side, side), list(range(n))


def read():
    s = 0.0
    for i in range(n):
        s += x[i].item()
    return s


def write():
    for i in range(n):
        x[i] = 1.0


def read_rows():
    s = 0.0
    for i in range(side):
        r = m[i]
        for j in range(side):
            s += r[j].item()
    return s


def read_keys():
    s = 0.0
    for i in range(side):
        for j in range(side):
            s += m[i, j].item()
    return s


def write_keys():
    for i in range(side):
        for j in range(side):
            m[i, j] = 1.0


def read_list():
    s = 0
    for i in range(n):
        s += t[i]
    return s


row("read_1000", read)
row("write_1000", write)
row("read_32x32_by_rows", read_rows)
row("read_32x32_by_keys", read_keys)
row("write_32x32_by_keys", write_keys)
row("read_1000_of_a_table", read_list)
