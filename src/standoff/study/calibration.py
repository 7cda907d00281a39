r"""Probabilities against what happened, by the likelihood word that they had.

The Brier score is also taken apart [1]_: reliability less resolution plus uncertainty, and a rest
from taking together what has one word.

References
----------
.. [1] Murphy, A. H. (1973), "A new vector partition of the probability score", Journal of Applied
   Meteorology 12.
.. [2] Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical
   inference", Journal of the American Statistical Association 22.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standoff.crisis.likelihood import ICD_203

Floats = NDArray[np.float64]

_NORMAL_95 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Bin:
    """The forecasts that had one likelihood word.

    Attributes
    ----------
    word, low, high
        The word and its range; the highest includes its upper edge.
    n
        How many forecasts.
    mean
        Their mean probability.
    share
        The share that came out as yes.
    interval
        Wilson's interval of 90% for that share.
    """

    word: str
    low: float
    high: float
    n: int
    mean: float
    share: float
    interval: tuple[float, float]

    @property
    def fits(self) -> bool:
        """Whether the mean probability is within the interval."""
        return self.interval[0] <= self.mean <= self.interval[1]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probabilities against what happened, and the Brier score taken apart.

    Attributes
    ----------
    bins
        By likelihood word, those that were used.
    reliability
        How far what happened was from what was said; lower is better.
    resolution
        How far what happened differs between the words; higher is better.
    uncertainty
        The Brier score of always saying the share that came out as yes.
    rest
        What the three leave of the Brier score.
    """

    bins: tuple[Bin, ...]
    reliability: float
    resolution: float
    uncertainty: float
    rest: float


def calibrate(outcomes: ArrayLike, probabilities: ArrayLike) -> Calibration:
    """Compare probabilities with what happened, by likelihood word.

    Parameters
    ----------
    outcomes, probabilities
        Shape ``(n,)``, at least one: 1 or 0, and between 0 and 1.
    """
    came, said = np.asarray(outcomes, float), np.asarray(probabilities, float)
    place = np.searchsorted([row[2] for row in ICD_203[1:]], said, side="right")
    bins = tuple(_bins(came, said, place))
    n, overall = len(came), float(came.mean())
    reliability = sum(each.n * (each.mean - each.share) ** 2 for each in bins) / n
    resolution = sum(each.n * (each.share - overall) ** 2 for each in bins) / n
    uncertainty = overall * (1 - overall)
    score = float(np.square(said - came).mean())
    rest = score - (reliability - resolution + uncertainty)
    return Calibration(bins, reliability, resolution, uncertainty, rest)


def _bins(came: Floats, said: Floats, place: NDArray[np.intp]) -> Iterator[Bin]:
    for number, (word, _, low, high) in enumerate(ICD_203):
        here = place == number
        n = int(here.sum())
        if n:
            low, high = (0.0 if number == 0 else low), (1.0 if number == len(ICD_203) - 1 else high)
            yes = float(came[here].sum())
            mean = float(said[here].mean())
            yield Bin(word, low, high, n, mean, yes / n, wilson(yes, n))


def wilson(yes: float, n: int) -> tuple[float, float]:
    """Return Wilson's interval [2]_ of 90% for a share.

    Examples
    --------
    >>> [round(edge, 3) for edge in wilson(3, 10)]
    [0.127, 0.558]
    """
    z, share = _NORMAL_95, yes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
