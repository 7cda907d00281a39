"""The parts of a scenario: its draws, what they answer, and the rules that separate it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from standoff.game.game import Floats
from standoff.study.cited import Uncertain
from standoff.study.clusters import Labels
from standoff.study.rules import Limits, Measure

TOLD = 4
"""Draws whose trajectories make a scenario's story: the most typical ones."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One part of a rule: an uncertain number lies between bounds, or a claim holds.

    Attributes
    ----------
    number
        Which, with the range it was drawn from and its source.
    low, high
        It lies above the first and is at most the second; None where there is no such bound.
    holds
        Whether the claim holds, if that is what is uncertain; otherwise None.
    """

    number: Uncertain
    low: float | None
    high: float | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What draws of a scenario have in common, and others have not: all of its limits.

    Attributes
    ----------
    limits
        At most three.
    density
        The share of the draws inside that belong to the scenario; None if none is inside.
    coverage
        The share of the scenario's draws that are inside.
    inside
        The share of all draws that are inside.
    """

    limits: tuple[Limit, ...]
    density: float | None
    coverage: float
    inside: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario answers to one question.

    Attributes
    ----------
    question
        Which.
    probability
        The mean over the scenario's draws.
    interval
        Their 5th and 95th percentile.
    otherwise
        The mean over all other draws; None if there are none.
    """

    question: str
    probability: float
    interval: tuple[float, float]
    otherwise: float | None

    @property
    def difference(self) -> float:
        """By how much the scenario's mean is above that of the other draws."""
        return 0.0 if self.otherwise is None else self.probability - self.otherwise


def by_size(labels: Labels, outcomes: Floats) -> Labels:
    """The same groups, the largest first; equal ones by their mean outcomes."""
    counts = np.bincount(labels)
    means = [tuple(outcomes[labels == label].mean(axis=0)) for label in range(len(counts))]
    ranked = sorted(range(len(counts)), key=lambda label: (-counts[label], means[label]))
    return np.asarray(np.argsort(ranked)[labels], dtype=np.intp)


def typical_of(outcomes: Floats, group: Labels) -> Labels:
    """The draws of a group that are nearest to its middle, the nearest first."""
    apart = ((outcomes[group] - outcomes[group].mean(axis=0)) ** 2).sum(axis=1)
    return group[np.argsort(apart, kind="stable")[:TOLD]]


def outcomes_of(questions: Sequence[str], outcomes: Floats, group: Labels) -> tuple[Outcome, ...]:
    others = np.delete(outcomes, group, axis=0)
    low, high = np.quantile(outcomes[group], (0.05, 0.95), axis=0)
    return tuple(
        Outcome(
            question=name,
            probability=float(outcomes[group, n].mean()),
            interval=(float(low[n]), float(high[n])),
            otherwise=float(others[:, n].mean()) if len(others) else None,
        )
        for n, name in enumerate(questions)
    )


def rule_of(limits: Limits, measure: Measure, uncertain: Sequence[Uncertain]) -> Rule:
    return Rule(
        limits=tuple(_limit(uncertain[column], *bounds) for column, bounds in limits.items()),
        density=measure.density,
        coverage=measure.coverage,
        inside=measure.inside,
    )


def _limit(number: Uncertain, low: float, high: float) -> Limit:
    if number.kind == "holds":
        return Limit(number, None, None, holds=bool(np.isfinite(low)))
    bounds = (float(low) if np.isfinite(low) else None, float(high) if np.isfinite(high) else None)
    return Limit(number, *bounds, holds=None)
