"""What the draws leave open about a probability."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.game.game import Floats


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
