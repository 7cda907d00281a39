"""Exponentials of many tiny generators, accurate in every entry.

All terms that are added up are positive, so that an entry of 1e-200 is as accurate as one of 1/2.
What a generator's exponential is does not depend on which others it is computed with.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.solve._blocks import Floats

_TERMS = 18
"""Of the series, for a matrix whose rows sum to one at most: what follows is below 1e-17."""


def exponentials(generators: Floats) -> Floats:
    """The exponential of each of several matrices.

    Parameters
    ----------
    generators
        Shape ``(matrices, nodes, nodes)``: no negative number off the diagonal, and on it what
        decays, not more than some hundreds.

    Notes
    -----
    With the diagonal shifted until nothing is negative, and the whole scaled down until rows sum
    to one at most, the series is summed and then squared back up.
    """
    nodes = generators.shape[-1]
    shift = -np.einsum("mii->mi", generators).min(axis=1)
    unit = np.eye(nodes)
    positive = generators + shift[:, None, None] * unit
    size = np.maximum(positive.sum(axis=2).max(axis=1), shift)
    halvings = np.ceil(np.log2(np.maximum(size, 1.0))).astype(np.intp)
    found = np.empty_like(generators)
    for count in np.unique(halvings):
        those: NDArray[np.bool_] = halvings == count
        scaled = positive[those] / 2.0**count
        total = np.broadcast_to(unit, scaled.shape)
        for term in range(_TERMS, 0, -1):
            total = unit + np.einsum("mij,mjk->mik", scaled / term, total)
        total = total * np.exp(-shift[those] / 2.0**count)[:, None, None]
        for _ in range(int(count)):
            total = np.einsum("mij,mjk->mik", total, total)
        found[those] = total
    return found
