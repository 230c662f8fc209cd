"""Medians of repeated runs, printed as scripts/bench reads them; the peer's side of timing.lua."""
import os
import statistics
import time

SECONDS = float(os.environ.get("CRESSET_BENCH_SECONDS", 0.5))
SAMPLE = 2e-4  # seconds: a sample repeats what is faster, so that reading the clock does not count
MIN_SAMPLES = 5
WARM_UP = 10  # calls, as many as on the other side


def measure(f):
    """Median time of f() in seconds."""
    for _ in range(WARM_UP):
        f()
    repeats, took = 1, 0
    while took < SAMPLE:
        before = time.perf_counter()
        for _ in range(repeats):
            f()
        took = time.perf_counter() - before
        if took < SAMPLE:
            repeats *= 2

    samples, start = [], time.perf_counter()
    while len(samples) < MIN_SAMPLES or time.perf_counter() - start < SECONDS:
        before = time.perf_counter()
        for _ in range(repeats):
            f()
        samples.append((time.perf_counter() - before) / repeats)
    return statistics.median(samples)


def report(name, seconds):
    print(f"bench={name} median_ms={seconds * 1e3:.6f}", flush=True)


def row(name, f):
    """Measures f and prints its row."""
    report(name, measure(f))


def import_torch():
    """PyTorch with as many threads as BLAS has: by itself it may take another number."""
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(1)
    return torch
