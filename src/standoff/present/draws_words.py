"""What draws leave open, in words: the interval, the error of the mean, and groups of draws."""

from __future__ import annotations

import math

import numpy as np

from standoff.present.wording import between
from standoff.study.spread import Spread

_GAP = 0.1
_LEAST = 0.1
_STRAY = 0.02


def interval(spread: Spread) -> str:
    """Say what the draws leave open about a probability.

    Examples
    --------
    `5-95% of draws: 2-21%; mean ± 0.6 points`
    """
    said = f"5-95% of draws: {between(*spread.interval)}"
    error = mean_error(spread)
    return f"{said}; mean {error}" if error else said


def mean_error(spread: Spread) -> str:
    """Say the Monte Carlo standard error of the mean; empty where it is nothing or unknown.

    Examples
    --------
    `± 0.6 points` · `± under 0.1 points`
    """
    points = 100 * spread.error
    if not math.isfinite(points) or points < 1e-9:
        return ""
    return f"± {points:.1f} points" if points >= 0.05 else "± under 0.1 points"


def two_groups(spread: Spread) -> str:
    """Say so if the draws fall into two groups with next to nothing in between; else empty.

    Examples
    --------
    `The draws fall into two groups: 70% of them give 6-21%, and 30% give 55-68%.`
    """
    values = np.sort(spread.values)
    best: tuple[float, float] | None = None
    for middle in np.arange(_GAP / 2, 1, 0.01):
        low = float((values < middle - _GAP / 2).mean())
        high = float((values > middle + _GAP / 2).mean())
        if min(low, high) >= _LEAST and 1 - low - high <= _STRAY:
            best = max(best or (0.0, 0.0), (min(low, high), float(middle)))
    if best is None:
        return ""
    lower, upper = values[values < best[1]], values[values >= best[1]]
    low = len(lower) / len(values)
    return (
        f"The draws fall into two groups: {low:.0%} of them give "
        f"{between(float(lower[0]), float(lower[-1]))}, and {1 - low:.0%} give "
        f"{between(float(upper[0]), float(upper[-1]))}."
    )
