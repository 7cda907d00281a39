"""What all tests share: one thread for small matrices, and the same random examples every time."""

from __future__ import annotations

import os

# Read once, when NumPy is first imported: the oracle's matrices are too small to share out.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

from calling import Call
from standoff.cli import main

settings.register_profile(
    "standoff",
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("standoff")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command in this process."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run
