"""Matrix products of floats: the better of OpenBLAS called directly, with its own threads, and of PyTorch."""
import ctypes
import os

from timing import import_torch, measure, report

torch = import_torch()
blas = ctypes.CDLL("libopenblas.so.0")
blas.openblas_set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
ROW_MAJOR, PLAIN = 101, 111  # CblasRowMajor, CblasNoTrans


def direct(m, k, n, a, b, c):
    """A call of cblas_sgemm whose arguments are converted beforehand."""
    integers = [ctypes.c_int(i) for i in (ROW_MAJOR, PLAIN, PLAIN, m, n, k)]
    one, zero = ctypes.c_float(1), ctypes.c_float(0)
    pa, pb, pc = (ctypes.c_void_p(x.data_ptr()) for x in (a, b, c))
    arguments = (*integers, one, pa, ctypes.c_int(k), pb, ctypes.c_int(n), zero, pc, ctypes.c_int(n))
    sgemm = blas.cblas_sgemm
    return lambda: sgemm(*arguments)


with torch.no_grad():
    for m, k, n in ((64, 64, 64), (1024, 1024, 1024), (128, 4096, 4096), (50, 512, 2048)):
        a, b, c = torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)
        through_torch = measure(lambda: torch.mm(a, b, out=c))
        report(f"sgemm_{m}x{k}x{n}", min(through_torch, measure(direct(m, k, n, a, b, c))))
