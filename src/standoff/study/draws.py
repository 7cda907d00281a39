"""One value from every range: what an analyst's uncertainty allows a crisis to be.

A draw decides for every claim whether it holds, and takes one value from every range, uniformly.
The points are a scrambled Sobol' sequence, which covers many ranges at once more evenly than
chance would; the same seed gives the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standoff.crisis.uncertain import Entry
from standoff.game.drawn import Draws
from standoff.game.game import Floats


def draw(entries: Sequence[Entry], count: int, seed: int) -> Draws:
    """Draw from what is uncertain.

    Parameters
    ----------
    entries
        The numbers of a crisis.
    count
        How many draws; a power of two covers the ranges most evenly.
    seed
        The same seed gives the same draws, and the first of many are those of fewer.
    """
    from scipy.stats import qmc  # takes longer to import than all else; who only solves needs none

    values = np.tile(central_values(entries), (count, 1))
    uncertain = [place for place, entry in enumerate(entries) if entry.uncertain]
    if uncertain:
        power = max(0, count - 1).bit_length()
        points = qmc.Sobol(len(uncertain), rng=seed).random_base2(power)[:count]
        for place, column in zip(uncertain, points.T, strict=True):
            values[:, place] = _taken(entries[place], column)
    return Draws(values)


def central_values(entries: Sequence[Entry]) -> Floats:
    """The central value of every number, shape ``(numbers,)``."""
    return np.array([entry.central for entry in entries])


def _taken(entry: Entry, points: Floats) -> Floats:
    """What points between 0 and 1 stand for. First drawing a probability from its range, and then
    whether the claim holds, comes to the same as using the middle of the range.
    """
    if entry.kind == "holds":
        return (points < (entry.low + entry.high) / 2).astype(float)
    return entry.low + (entry.high - entry.low) * points
