"""How many draws are enough, unless a number is asked for.

They are taken in stages, each of which doubles their number: a power of two covers the ranges most
evenly. Stages go on for about ten seconds. A store then holds whole stages, unless its run was
interrupted: where it holds a whole one, that is what an earlier run ended with, and is the answer
again; where it does not, that stage is completed and there are as many more as time allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2
from time import monotonic

from standoff.study.asking import Progress

LEAST_DRAWS = 64
"""Draws that are taken however long they take, unless a number is asked for."""

MOST_DRAWS = 2**14
"""Draws at which stages end, however little time they have taken."""

PATIENCE = 10.0
"""Seconds for which draws are added when no number is asked for."""


def stages(draws: int | None, stored: int = 0) -> Iterator[tuple[int, int]]:
    """How many draws there are after each stage, and probably after the last one.

    Parameters
    ----------
    draws
        How many are asked for, if a number is.
    stored
        How many are on disk already.
    """
    if draws is not None:
        yield draws, draws
        return
    begun = monotonic()
    count = LEAST_DRAWS
    while count < stored:
        count *= 2
    yield count, count
    while count != stored and count < MOST_DRAWS:
        spent = monotonic() - begun
        if spent > PATIENCE / 2:  # the next stage would take as long again
            return
        doublings = max(1, ceil(log2(PATIENCE / 2 / max(spent, 1e-3))))
        yield 2 * count, min(count * 2**doublings, MOST_DRAWS)
        count *= 2


def part_of(progress: Progress, have: int, count: int, in_the_end: int) -> Progress:
    """Report a stage, from ``have`` draws to ``count``, as a part of the whole."""

    def report(what: str, share: float) -> None:
        progress(what, (have + share * (count - have)) / in_the_end)

    return report
