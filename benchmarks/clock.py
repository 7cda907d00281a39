"""Timing: medians of repeated calls, and what the memory bus can do."""

import os
import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import numpy as np


def seconds(call: Callable[[], object], least: int = 3, budget: float = 4.0) -> float:
    """Median wall time of a call, after one that is not counted."""
    call()
    times: list[float] = []
    while len(times) < least or (sum(times) < budget and len(times) < 200):
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return median(times)


def together(*calls: Callable[[], object], rounds: int = 5) -> list[float]:
    """Median wall times of several calls taken in turn, so that they meet the same machine."""
    for call in calls:
        call()
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, found in zip(calls, times, strict=True):
            begun = perf_counter()
            call()
            found.append(perf_counter() - begun)
    return [median(found) for found in times]


class Bus:
    """A loop that does nothing but read two arrays and write one, on every core.

    Arrays have a given length, so that arrays which fit a cache are compared with that cache.
    """

    def __init__(self, length: int) -> None:
        self.left = np.ones(length)
        self.right = np.ones(length)
        self.out = np.empty(length)
        cores = os.cpu_count() or 1
        step = -(-length // cores)
        self.parts = [slice(i * step, (i + 1) * step) for i in range(cores)]
        self.pool = ThreadPoolExecutor(cores) if length >= 2**18 else None

    def __call__(self) -> None:
        if self.pool is None:
            np.add(self.left, self.right, out=self.out)
        else:
            list(self.pool.map(self._add, self.parts))

    def _add(self, part: slice) -> None:
        np.add(self.left[part], self.right[part], out=self.out[part])


def machine() -> str:
    """What this ran on."""
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {np.__version__}"
    )
