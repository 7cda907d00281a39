"""Which uncertain numbers the spread of an answer comes from: its Sobol' indices.

Over everything that the file leaves open an answer has a variance. How much of it is due to each
number, or to all numbers of a passage, an actor or a kind together, is told by first-order and
total indices (:mod:`standoff.study.sobol` has their mathematics).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from standoff.crisis import Crisis
from standoff.crisis.errors import CrisisError
from standoff.crisis.uncertain import numbered
from standoff.game.game import Floats
from standoff.study.asking import Progress, Request, Settings, quiet, situated
from standoff.study.attribution import NO_SOURCE
from standoff.study.cited import Uncertain, uncertain_in
from standoff.study.draws import central_values
from standoff.study.ensemble import AnswerVersions
from standoff.study.hierarchy import Hierarchy
from standoff.study.sobol import CONFIDENCE, POINTS, Index, indices_of
from standoff.study.variation import AS_IT_IS, Variation

__all__ = ["Index", "Indices", "find_indices", "indices_of"]

By = Literal["number", "passage", "actor", "kind"]

MOST_NUMBERS = 12
"""With more numbers than this they are looked at by passage, unless something else is asked for."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Which uncertain numbers the spread of the answer to one question comes from.

    Attributes
    ----------
    question, asks
        Which, and its wording.
    by
        What the parties are.
    indices
        One for each party, the one with the largest total index first.
    numbers
        Every uncertain number by its key, to cite.
    probability, variance
        Mean and variance of the answer over the points.
    points
        How many.
    versions
        How many versions of the crisis were solved.
    confidence
        Of the intervals.
    seed
        Of the points and of the bootstrap.
    situation, lineage
        Where the question starts, and the views that the crisis went through.
    settings
        What it was computed with.
    """

    question: str
    asks: str
    by: By
    indices: tuple[Index, ...]
    numbers: dict[str, Uncertain]
    probability: float
    variance: float
    points: int
    versions: int
    confidence: float
    seed: int
    situation: str | None
    lineage: tuple[str, ...]
    settings: Settings


def find_indices(
    crisis: Crisis,
    question: str,
    *,
    by: By | None = None,
    variation: Variation = AS_IT_IS,
    settings: Settings | None = None,
    points: int = POINTS,
    hierarchy: Hierarchy | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Indices:
    """Find which uncertain numbers the spread of an answer comes from.

    Parameters
    ----------
    crisis
        As it is in the file.
    question
        Which; one that asks for something lasting has no exact answer and is refused.
    by
        What the parties are: each number, or all numbers of a passage, of an actor or condition,
        or of a kind together; by default numbers up to :data:`MOST_NUMBERS`, then passages.
    variation
        Changes to make first.
    settings, hierarchy, workers, progress
        As for :func:`standoff.study.ensemble.draw_answers`.
    points
        A power of two. The work is this times two more than there are parties.

    Raises
    ------
    CrisisError
        If the question asks for something lasting, the points are no power of two, or a library
        that the extra `explore` installs is missing.
    UnknownNameError
        If the crisis has no such question.
    """
    chosen = settings or Settings()
    _check_points(points)
    base, entries = numbered(crisis)
    here = situated(base, question, variation)
    if here.questions[question].lasting is not None:
        raise CrisisError(
            f"find_indices(): {question} asks for something lasting, which is estimated and not "
            "exact"
        )
    uncertain = uncertain_in(here, entries, crisis)
    if by is None:
        by = "number" if len(uncertain) <= MOST_NUMBERS else "passage"
    central = hierarchy or Hierarchy(depth=chosen.depth, tau=chosen.tau)
    versions = AnswerVersions(base, [Request(question, variation)], chosen, central)
    middle = central_values(entries)

    def chances(values: Floats) -> Floats:
        rows = np.tile(middle, (len(values), 1))
        rows[:, [each.place for each in uncertain]] = values
        return versions.answer(rows, workers=workers, progress=progress)[0][:, -1]

    shares = indices_of(
        chances,
        [entries[each.place] for each in uncertain],
        [party_of(each, by) for each in uncertain],
        names=[each.key for each in uncertain],
        points=points,
        seed=chosen.seed,
    )
    return Indices(
        question=question,
        asks=here.questions[question].asks,
        by=by,
        indices=tuple(sorted(shares.indices, key=lambda index: -index.total)),
        numbers={each.key: each for each in uncertain},
        probability=shares.mean,
        variance=shares.variance,
        points=points,
        versions=shares.versions,
        confidence=CONFIDENCE,
        seed=chosen.seed,
        situation=here.situation,
        lineage=here.lineage,
        settings=chosen,
    )


def _check_points(points: int) -> None:
    if points < 2 or points & (points - 1):
        near = 2 ** max(1, round(np.log2(max(points, 2))))
        raise CrisisError(
            f"find_indices(): the points must be a power of two, such as {near}, not {points}"
        )


def party_of(number: Uncertain, by: By) -> str:
    """The party that a number belongs to; one with several passages belongs to the first."""
    match by:
        case "number":
            return number.key
        case "passage":
            return next(iter(number.passages), NO_SOURCE)
        case "actor":
            return number.holder
        case "kind":
            return number.kind_of_claim
