"""What all tests share: one thread for small matrices, and the same random examples every time."""

from __future__ import annotations

import os

# Read once, when NumPy is first imported: the oracle's matrices are too small to share out.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import HealthCheck, settings

settings.register_profile(
    "standoff",
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("standoff")
