"""Rules that tell one group of draws from all others by a few of the numbers drawn.

A shallow classification tree [1]_ cuts the draws, a number at a time, where that best tells members
from others; each of its nodes is a box: some numbers between limits. The boxes that cover the
members best are the rules. A rule is judged, as in scenario discovery [2]_, by its density (the
share of the draws inside that are members) and its coverage (the share of the members inside).

On the draws that a rule was found on both would flatter it, the more so the more numbers there
are to choose from. They are measured on other draws: on a third that is held out where draws are
many, and otherwise by cross-validation, where the rule is found again without each fifth of the
draws, and tried on that fifth.

References
----------
.. [1] Breiman, L., Friedman, J., Stone, C. J. & Olshen, R. A. (1984), Classification and
   Regression Trees.
.. [2] Bryant, B. P. & Lempert, R. J. (2010), "Thinking inside the box: a participatory,
   computer-assisted approach to scenario discovery", Technological Forecasting and Social Change
   77(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

from standoff.game.game import Floats
from standoff.study.extras import need

Mask = NDArray[np.bool_]
Measured = Literal["held out", "cross-validated"]
Limits = Mapping[int, tuple[float, float]]
"""For some columns, the bounds that a value lies between: above the first, up to the second."""

MOST_LIMITS = 3
"""Limits in a rule."""

MOST_RULES = 3
"""Rules for one group."""

HELD_OUT_FROM = 256
"""With so many draws, a third is held out; with fewer, rules are cross-validated."""

LEAST_COVERAGE = 1 / 3
LEAST_SURE = 0.01
"""A group is told from the others if its rules cover at least this share of it, come at least half
the way from the density that chance has to 1, and by chance alone would do so well this rarely."""

_FOLDS = 5
_LEAST_INSIDE = 5
_PRICE = 0.02  # of one more limit, in the score that rules are chosen by
_LEAST_GAIN = 0.05


@dataclass(frozen=True, slots=True)
class Measure:
    """How good a rule, or several together, are on draws that they were not found on.

    Attributes
    ----------
    density
        The share of the draws inside that are members; None if none is inside.
    coverage
        The share of the members that are inside.
    inside
        The share of all draws that are inside.
    """

    density: float | None
    coverage: float
    inside: float


@dataclass(frozen=True, slots=True)
class Separators:
    """The rules for one group.

    Attributes
    ----------
    rules
        For each rule its limits, and how good it is.
    together
        How good it is to be inside any of them.
    separates
        Whether they tell the group from the others.
    measured
        On which draws.
    """

    rules: tuple[tuple[Limits, Measure], ...]
    together: Measure
    separates: bool
    measured: Measured


def find_separators(values: Floats, member: Mask, seed: int) -> Separators:
    """Find rules that tell members from others, and measure them on draws they were not found on.

    Parameters
    ----------
    values
        Shape ``(draws, numbers)``.
    member
        Shape ``(draws,)``; at least :data:`LEAST_INSIDE` are members and as many are not.
    seed
        Of the draws held out, and of which number is cut first where several do as well.
    """
    choosing = need("sklearn.model_selection", extra="explore", why="find_scenarios()")
    tried = np.zeros((MOST_RULES, len(member)), dtype=bool)
    if len(member) >= HELD_OUT_FROM:
        measured: Measured = "held out"
        split = choosing.StratifiedShuffleSplit(1, test_size=1 / 3, random_state=seed)
        known, kept = next(split.split(values, member))
        rules = find_rules(values[known], member[known], seed)
        _try(rules, values, kept, tried)
    else:
        measured = "cross-validated"
        split = choosing.StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
        kept = np.arange(len(member))
        for known, fold in split.split(values, member):
            _try(find_rules(values[known], member[known], seed), values, fold, tried)
        rules = find_rules(values, member, seed)
    tried, member = tried[:, kept], member[kept]
    together = np.asarray(tried[: len(rules)].any(axis=0))
    return Separators(
        rules=tuple((rule, _measure(tried[n], member)) for n, rule in enumerate(rules)),
        together=_measure(together, member),
        separates=_separates(together, member),
        measured=measured,
    )


def inside(limits: Limits, values: Floats) -> Mask:
    """Which draws lie between the limits, shape ``(draws,)``."""
    found = np.ones(len(values), dtype=bool)
    for column, (low, high) in limits.items():
        found &= (values[:, column] > low) & (values[:, column] <= high)
    return found


def find_rules(values: Floats, member: Mask, seed: int) -> list[Limits]:
    """Find the boxes of one tree that cover the members best, the best first."""
    trees = need("sklearn.tree", extra="explore", why="find_scenarios()")
    least = max(2, min(_LEAST_INSIDE, int(member.sum()) // 2))
    tree = trees.DecisionTreeClassifier(
        max_depth=MOST_LIMITS,
        min_samples_leaf=least,
        class_weight="balanced",
        random_state=seed,
    )
    boxes = [(box, inside(box, values)) for box in _boxes(tree.fit(values, member).tree_)]
    rules: list[Limits] = []
    covered = np.zeros(len(member), dtype=bool)
    while boxes and len(rules) < MOST_RULES:
        worth = [_score(covered | here, member) - _PRICE * len(box) for box, here in boxes]
        best, here = boxes[int(np.argmax(worth))]
        if rules and max(worth) < _score(covered, member) + _LEAST_GAIN:
            break
        rules.append(best)
        covered |= here
        boxes = [(box, there) for box, there in boxes if not (there & covered).any()]
    return rules


def _boxes(tree: Any) -> Iterable[Limits]:
    """The box of every node but the root, from the top."""
    todo: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while todo:
        node, limits = todo.pop(0)
        if limits:
            yield limits
        column, cut = int(tree.feature[node]), float(tree.threshold[node])
        if column >= 0:
            low, high = limits.get(column, (-np.inf, np.inf))
            todo.append((tree.children_left[node], {**limits, column: (low, cut)}))
            todo.append((tree.children_right[node], {**limits, column: (cut, high)}))


def _score(here: Mask, member: Mask) -> float:
    """The harmonic mean of density and coverage."""
    return 2 * float((here & member).sum()) / float(here.sum() + member.sum())


def _try(rules: Sequence[Limits], values: Floats, draws: NDArray[np.intp], tried: Mask) -> None:
    """Note which of some draws lie inside each rule."""
    for number, rule in enumerate(rules):
        tried[number, draws] = inside(rule, values[draws])


def _measure(here: Mask, member: Mask) -> Measure:
    hits, within = int((here & member).sum()), int(here.sum())
    return Measure(
        density=hits / within if within else None,
        coverage=hits / int(member.sum()),
        inside=within / len(member),
    )


def _separates(here: Mask, member: Mask) -> bool:
    found, base = _measure(here, member), float(member.mean())
    if found.density is None or found.coverage < LEAST_COVERAGE:
        return False
    hits = int((here & member).sum())
    chance = float(hypergeom.sf(hits - 1, len(member), int(member.sum()), int(here.sum())))
    return found.density >= (1 + base) / 2 and chance < LEAST_SURE
