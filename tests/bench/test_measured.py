"""The measuring itself: numbers that belong to what was measured."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from tests.bench.measured import peak

MEGABYTE = 1 << 20


def grown_by(megabytes: int) -> float:
    before = peak()
    kept = b"x" * (megabytes * MEGABYTE)
    grown = peak() - before
    assert kept
    return grown


def test_the_memory_of_a_pass_is_its_own_however_large_the_bench_is() -> None:
    large = b"x" * (400 * MEGABYTE)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        grown = pool.submit(grown_by, 64).result()
    assert len(large) > 64 * MEGABYTE
    assert 60 <= grown <= 70
