r"""Sobol' indices of a function of numbers that are drawn from their ranges.

The function f has a variance over the ranges. The first-order index of a number, or of a group of
numbers, is the share of it that would go, on average, if these alone were known [1]_; the total
index the share that would stay if all but these were known [2]_:

.. math::
    S_i = \frac{\mathrm{Var}(\mathrm{E}[f \mid x_i])}{\mathrm{Var}(f)}, \qquad
    T_i = \frac{\mathrm{E}[\mathrm{Var}(f \mid x_{\sim i})]}{\mathrm{Var}(f)}

The total index is the larger by what the number does together with others. Both are estimated by
SALib from N (D + 2) values of the function, N points and D groups [3]_, with intervals from a
bootstrap over the points. An estimate can fall below zero, which no index can: one whose interval
contains zero is not distinguishable from it.

References
----------
.. [1] Sobol', I. M. (1993), "Sensitivity estimates for nonlinear mathematical models", Mathematical
   Modelling and Computational Experiments 1.
.. [2] Homma, T. & Saltelli, A. (1996), "Importance measures in global sensitivity analysis of
   nonlinear models", Reliability Engineering & System Safety 52(1).
.. [3] Saltelli, A. et al. (2010), "Variance based sensitivity analysis of model output", Computer
   Physics Communications 181(2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from standoff.crisis.uncertain import Entry
from standoff.game.game import Floats
from standoff.study.extras import need

POINTS = 64
"""Points, unless another number is asked for."""

CONFIDENCE = 0.95

_RESAMPLES = 1000
_NO_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Index:
    """How much of the variance is due to one party.

    Attributes
    ----------
    party
        A number's key, a passage, an actor (or a condition), or a kind of number.
    numbers
        The keys of the numbers that it stands for.
    first, first_interval
        The first-order index and its interval: what the party does by itself. An estimate, which
        may lie below zero where the interval contains zero.
    total, total_interval
        The total index and its interval: with all that it does together with others.
    """

    party: str
    numbers: tuple[str, ...]
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]

    @property
    def first_told(self) -> bool:
        """Whether the first-order index can be told from zero."""
        return self.first_interval[0] > 0

    @property
    def total_told(self) -> bool:
        """Whether the total index can be told from zero."""
        return self.total_interval[0] > 0


@dataclass(frozen=True, slots=True)
class Shares:
    """The indices of a function.

    Attributes
    ----------
    indices
        One for each group, in the order in which the groups first occur.
    mean, variance
        Of the function over the points.
    versions
        How many values of it were needed.
    """

    indices: tuple[Index, ...]
    mean: float
    variance: float
    versions: int


def indices_of(
    function: Callable[[Floats], Floats],
    entries: Sequence[Entry],
    groups: Sequence[str] | None = None,
    *,
    names: Sequence[str] | None = None,
    points: int = POINTS,
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> Shares:
    """Estimate the indices of a function of numbers that are drawn from their ranges.

    Parameters
    ----------
    function
        Takes values of shape ``(versions, entries)`` and gives shape ``(versions,)``.
    entries
        The ranges; of a claim that may not hold, whether it does is drawn.
    groups
        The group of each entry; by default each is its own.
    names
        What the entries are called; by default by their paths.
    points
        A power of two.
    seed
        Of the points and of the bootstrap.
    confidence
        Of the intervals.
    """
    called = list(names or (each.path for each in entries))
    grouped = list(groups or called)
    parties = list(dict.fromkeys(grouped))
    if not entries:
        value = float(function(np.empty((1, 0)))[0])
        return Shares((), value, 0.0, 1)
    problem = {
        "num_vars": len(entries),
        "names": [f"x{n}" for n in range(len(entries))],
        "groups": [f"g{parties.index(group)}" for group in grouped],
        "bounds": [[0.0, 1.0]] * len(entries),
    }
    alone = len(parties) == 1  # everything is due to it; SALib would take one group for none
    cube = _points(len(entries), points, seed) if alone else _blocks(problem, points, seed)
    columns = [_taken(entry, line) for entry, line in zip(entries, cube.T, strict=True)]
    answers = function(np.array(columns).T)
    # The first and last of each block are points of their own; those between share numbers.
    blocks = answers.reshape(points, -1)
    independent = blocks if alone else blocks[:, [0, -1]]
    mean, variance = float(independent.mean()), float(independent.var(ddof=1))
    zero = np.zeros(len(parties))
    found = {"S1": zero, "S1_conf": zero, "ST": zero, "ST_conf": zero}
    if variance > _NO_VARIANCE:
        found = (
            {**found, "S1": zero + 1, "ST": zero + 1}
            if alone
            else _estimated(problem, answers, confidence, seed)
        )
    indices = tuple(
        Index(
            party=party,
            numbers=tuple(name for name, own in zip(called, grouped, strict=True) if own == party),
            first=float(found["S1"][n]),
            first_interval=_around(found["S1"][n], found["S1_conf"][n]),
            total=float(found["ST"][n]),
            total_interval=_around(found["ST"][n], found["ST_conf"][n]),
        )
        for n, party in enumerate(parties)
    )
    return Shares(indices, mean, variance, len(answers))


def _points(numbers: int, points: int, seed: int) -> Floats:
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(numbers, rng=seed).random(points))


def _blocks(problem: dict[str, object], points: int, seed: int) -> Floats:
    """For each point, a block: itself, itself with each group as at another point, the other."""
    sampler = need("SALib.sample.sobol", extra="explore", why="find_indices()")
    return np.asarray(sampler.sample(problem, points, calc_second_order=False, seed=seed))


def _estimated(
    problem: dict[str, object], answers: Floats, confidence: float, seed: int
) -> dict[str, Floats]:
    analyser = need("SALib.analyze.sobol", extra="explore", why="find_indices()")
    found = analyser.analyze(
        problem,
        answers,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=confidence,
        seed=seed + 1,  # a seed of 0 would be taken for none
    )
    return {key: np.asarray(found[key]) for key in ("S1", "S1_conf", "ST", "ST_conf")}


def _taken(entry: Entry, points: Floats) -> Floats:
    """What points between 0 and 1 stand for, as in :func:`standoff.study.draws.draw`."""
    if entry.kind == "holds":
        return (points < (entry.low + entry.high) / 2).astype(float)
    return entry.low + (entry.high - entry.low) * points


def _around(middle: float, half: float) -> tuple[float, float]:
    return float(middle - half), float(middle + half)
