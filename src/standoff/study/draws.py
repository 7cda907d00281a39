"""One value from every range: what an analyst's uncertainty allows a crisis to be.

A draw decides for every claim whether it holds, and takes one value from every range, uniformly.
The points are a scrambled Sobol' sequence, which covers many ranges at once more evenly than
chance would; the same seed gives the same draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from standoff.crisis import Crisis, Interest, Range, RedLine
from standoff.game.compile import Weights
from standoff.game.game import Floats


@dataclass(frozen=True, slots=True)
class UncertainClaim:
    """An interest or a red line whose weight or truth is not certain.

    Attributes
    ----------
    path
        Such as `north.interests.cost`.
    weight
        The range of its weight.
    holds
        The probability that the actor has it at all; the middle of a range of probabilities,
        which is what drawing from that range first would come to.
    """

    path: str
    weight: Range
    holds: float


def uncertain_claims(crisis: Crisis) -> tuple[UncertainClaim, ...]:
    """The interests and red lines of a crisis that are not certain, in file order."""
    return tuple(
        UncertainClaim(path, weight, claim.holds.central)
        for path, claim in _claims(crisis)
        if (weight := crisis.range_of(claim.weight)).low < weight.high
        or 0 < claim.holds.central < 1
    )


def _claims(crisis: Crisis) -> Iterator[tuple[str, Interest | RedLine]]:
    for name, actor in crisis.actors.items():
        for key, interest in actor.interests.items():
            yield f"{name}.interests.{key}", interest
        for key, line in actor.red_lines.items():
            yield f"{name}.red_lines.{key}", line


def sobol(count: int, dimensions: int, seed: int) -> Floats:
    """The first points of a scrambled Sobol' sequence, shape ``(count, dimensions)``, in [0, 1)."""
    if dimensions == 0:
        return np.empty((count, 0))
    power = max(0, count - 1).bit_length()
    return np.asarray(qmc.Sobol(dimensions, rng=seed).random_base2(power)[:count])


def draw_weights(crisis: Crisis, count: int, seed: int) -> Weights:
    """Draw the weight of every uncertain claim; 0 where a draw decides that it does not hold.

    Returns
    -------
    dict
        For each path, an array of shape ``(count,)``.
    """
    claims = uncertain_claims(crisis)
    points = sobol(count, 2 * len(claims), seed)
    weights = {}
    for number, claim in enumerate(claims):
        low, high = claim.weight.low, claim.weight.high
        weight = low + (high - low) * points[:, 2 * number]
        weights[claim.path] = weight * (points[:, 2 * number + 1] < claim.holds)
    return weights
