"""What a record says of the numbers that a crisis leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from scipy.special import ndtr

from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.evidence import Evidence

QUANTILES = (0.05, 0.5, 0.95)

_SHIFT, _NARROWER = 0.4, 0.75  # in standard deviations of the prior
_SURE = 3.0  # standard errors beyond which a change is not one of sampling


@dataclass(frozen=True, slots=True)
class Moved:
    """One number before the record and after it.

    Attributes
    ----------
    path
        What it is about.
    kind
        `range`: a number. `holds`: whether a claim holds; then what is given is its probability,
        three times.
    prior, posterior
        Percentiles 5, 50 and 95, in the units of the quantity.
    moved
        Whether it moved by so much that it is worth telling, and is not chance of sampling.
    shift
        By how many standard deviations of the prior its middle moved, as a normal variable; for
        `holds`, the difference of probabilities.
    """

    path: str
    kind: Literal["range", "holds"]
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    moved: bool
    shift: float


def moved_numbers(found: Evidence) -> tuple[Moved, ...]:
    """Every number that an account leaves open, before and after, in the order of the file."""
    weights, effective = found.posterior, found.effective
    latent = found.latent
    by_place = {
        place: _range(latent.entries[place], column, weights, effective)
        for place, column in zip(latent.ranges, found.normal.T, strict=True)
    } | {
        place: _holds(latent.entries[place], column, weights, effective)
        for place, column in zip(latent.holds, found.held.T, strict=True)
    }
    return tuple(by_place[place] for place in sorted(by_place))


def _range(entry: Entry, normal: Floats, weights: Floats, effective: float) -> Moved:
    order = np.argsort(normal, kind="stable")
    upto = np.cumsum(weights[order])
    places = np.minimum(np.searchsorted(upto, QUANTILES), len(normal) - 1)
    width = entry.high - entry.low
    after = entry.low + width * ndtr(normal[order][places])
    before = entry.low + width * np.array(QUANTILES)
    mean = float(weights @ normal)
    spread = sqrt(max(float(weights @ (normal - mean) ** 2), 0.0))
    error = _SURE / sqrt(effective)
    shifted = abs(mean) > max(_SHIFT, error)
    narrowed = spread < min(_NARROWER, 1 - error / sqrt(2))
    return Moved(
        entry.path, "range", _three(before), _three(after), bool(shifted or narrowed), mean
    )


def _holds(entry: Entry, held: Floats, weights: Floats, effective: float) -> Moved:
    before = (entry.low + entry.high) / 2
    after = float(weights @ held)
    error = _SURE * sqrt(before * (1 - before) / effective)
    return Moved(
        entry.path,
        "holds",
        (before,) * 3,
        (after,) * 3,
        abs(after - before) > max(0.15, error),
        after - before,
    )


def _three(values: Floats) -> tuple[float, float, float]:
    low, middle, high = (float(each) for each in values)
    return low, middle, high
