"""What runs a command in the process of the tests."""

from __future__ import annotations

from collections.abc import Callable

Call = Callable[..., tuple[int, str, str]]
"""From arguments to the exit status, and what was printed to standard output and to errors."""
