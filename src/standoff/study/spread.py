"""What the draws leave open about a probability."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from standoff.game.game import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What the draws say about one question.

    Attributes
    ----------
    draws, seed
        How many, and from which seed.
    values
        Shape ``(draws,)``: the probability in each draw, in their order.
    probability
        Their mean.
    error
        The Monte Carlo standard error of the mean, taken as if the draws were independent: those
        of a Sobol' sequence do better.
    interval
        Their 5th and 95th percentile.
    days
        Shape ``(times,)``: the times of the fan.
    fan
        Shape ``(times, 5)``: percentiles 5, 25, 50, 75 and 95 of the probability by each time.
    mean
        Shape ``(times,)``: the mean by each time.
    """

    draws: int
    seed: int
    values: Floats
    probability: float
    error: float
    interval: tuple[float, float]
    days: Floats
    fan: Floats
    mean: Floats


def spread_of(lines: Floats, seed: int, days: Floats) -> Spread:
    """Sum up the draws of one question.

    Parameters
    ----------
    lines
        Shape ``(draws, times)``: the probability by each time in every draw.
    seed
        Of the draws.
    days
        Shape ``(times,)``.
    """
    values = lines[:, -1].copy()
    count = len(values)
    error = float(values.std(ddof=1)) / sqrt(count) if count > 1 else float("nan")
    low, high = np.quantile(values, (0.05, 0.95))
    return Spread(
        draws=count,
        seed=seed,
        values=values,
        probability=float(values.mean()),
        error=error,
        interval=(float(low), float(high)),
        days=days,
        fan=np.quantile(lines, QUANTILES, axis=0).T,
        mean=lines.mean(axis=0),
    )
