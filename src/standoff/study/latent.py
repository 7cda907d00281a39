"""What is uncertain of a crisis as independent standard normal variables, and fits among them.

A number that may be anywhere in a range is uniform in it; put through the quantiles of the normal
distribution it is a standard normal variable, which has no edges. Whether a claim holds stays yes
or no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, pi

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from standoff.crisis import Crisis
from standoff.crisis.fields import Model
from standoff.crisis.quantities import Likelihood, Range, Weight
from standoff.crisis.times import Rate, Span
from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.draws import central_values

_EDGE = 1e-10  # how far from 0 and 1 a point of a sequence is kept: quantiles there are infinite


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """The uncertain numbers that matter, in the order of the file.

    Attributes
    ----------
    entries
        All numbers of the crisis.
    ranges
        Places of those that may be anywhere in a range.
    holds
        Places of the claims that may hold or not.
    """

    entries: tuple[Entry, ...]
    ranges: tuple[int, ...]
    holds: tuple[int, ...]

    @classmethod
    def of(cls, entries: tuple[Entry, ...], crises: Iterable[Crisis]) -> Latent:
        """Those that some of several views of a numbered crisis use."""
        used: set[int] = set()
        for crisis in crises:
            _collect((crisis.actors, crisis.conditions), used)
        places = [place for place in sorted(used) if entries[place].uncertain]
        return cls(
            entries,
            tuple(place for place in places if entries[place].kind == "range"),
            tuple(place for place in places if entries[place].kind == "holds"),
        )

    def chances(self) -> Floats:
        """How likely each claim is to hold, shape ``(holds,)``."""
        return np.array([(self.entries[i].low + self.entries[i].high) / 2 for i in self.holds])

    def values(self, normal: Floats, held: Floats) -> Floats:
        """All numbers of the crisis, shape ``(versions, numbers)``.

        Parameters
        ----------
        normal
            Shape ``(versions, ranges)``.
        held
            Shape ``(versions, holds)``: ones and zeros.
        """
        found = np.tile(central_values(self.entries), (len(normal), 1))
        for place, column in zip(self.ranges, ndtr(normal).T, strict=True):
            entry = self.entries[place]
            found[:, place] = entry.low + (entry.high - entry.low) * column
        found[:, list(self.holds)] = held
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Bell:
    """A normal distribution.

    Attributes
    ----------
    mean
        Shape ``(ranges,)``.
    factor
        Shape ``(ranges, ranges)``: lower triangular; times its transpose it is the covariance.
    """

    mean: Floats
    factor: Floats

    @classmethod
    def prior(cls, size: int) -> Bell:
        """The standard normal distribution."""
        return cls(np.zeros(size), np.eye(size))

    def draw(self, points: Floats) -> Floats:
        """Turn points between 0 and 1 into draws, both of shape ``(draws, ranges)``."""
        normal = ndtri(_EDGE + (1 - 2 * _EDGE) * points)
        return np.asarray(self.mean + np.einsum("di,ji->dj", normal, self.factor))

    def density(self, normal: Floats) -> Floats:
        """Logarithm of the density, shape ``(draws,)``."""
        inverse = np.linalg.inv(self.factor)
        away = np.einsum("di,ji->dj", normal - self.mean, inverse)
        size = float(np.log(np.diag(self.factor)).sum()) + len(self.mean) / 2 * log(2 * pi)
        return np.asarray(-(away**2).sum(axis=1) / 2 - size)


def points(count: int, dimensions: int, seed: Sequence[int]) -> Floats:
    """Points between 0 and 1 that cover a cube evenly: a scrambled Sobol' sequence.

    Shape ``(count, dimensions)``.
    """
    if not dimensions or not count:
        return np.empty((count, dimensions))
    power = max(0, count - 1).bit_length()
    generator = np.random.default_rng(list(seed))
    return np.asarray(qmc.Sobol(dimensions, rng=generator).random_base2(power)[:count])


def _collect(value: object, found: set[int]) -> None:
    """Find the places of all numbers in a part of a crisis."""
    match value:
        case Weight():
            _collect(value.range, found)
        case Range() | Span() | Likelihood():
            if value.number is not None:
                found.add(value.number)
        case Rate():
            _collect(value.numbers, found)
        case tuple():
            for each in value:
                _collect(each, found)
        case Model():
            for key in type(value).model_fields:
                _collect(getattr(value, key), found)
        case _ if hasattr(value, "values"):
            for each in value.values():
                _collect(each, found)
