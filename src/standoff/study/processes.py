"""Processes that share work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIG_IGN, SIGINT, signal
from threading import current_thread, main_thread


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Let processes that are started meanwhile leave an interrupt to the one that started them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)
