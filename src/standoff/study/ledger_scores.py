"""The scores of what is in a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

from numpy.typing import ArrayLike

from standoff.study.ledger_kept import Kept
from standoff.study.scores import RESAMPLES, ScoreTable, base_rates, score_table

BASE_RATE, PERSISTENCE, UNIFORM, PREVIOUS = (
    "base rate", "persistence", "uniform", "the previous assessment",
)  # fmt: skip
"""The names of the references."""


@dataclass(frozen=True, slots=True)
class LedgerScores:
    """How good the forecasts in a ledger were.

    Attributes
    ----------
    place
        Where the ledger is.
    scored
        The resolved forecasts that were kept before their question closed.
    table
        Their scores; None if there is none.
    late
        Resolved ones that were kept only after their question had closed: whoever kept them could
        know the outcome.
    late_table
        Their scores, apart.
    open, sealed
        How many are not resolved, and how many of those nobody can read yet.
    """

    place: str
    scored: tuple[Kept, ...]
    table: ScoreTable | None
    late: tuple[Kept, ...]
    late_table: ScoreTable | None
    open: int
    sealed: int


def score_ledger(
    place: str, kept: Sequence[Kept], *, seed: int = 0, resamples: int = RESAMPLES
) -> LedgerScores:
    """Score the resolved forecasts of a ledger against what others would have said.

    The references: the base rate (the share of yes among the other questions here), persistence
    (nothing ever changes), uniform (even chances), and, where there is one, the forecast of the
    same question that was kept before.

    Parameters
    ----------
    place, kept
        The ledger, and :meth:`standoff.study.ledger.Ledger.forecasts`.
    seed, resamples
        Of the bootstrap.
    """
    resolved = [each for each in kept if each.outcome is not None and each.assessment is not None]
    before = previous(kept)
    on_time = [each for each in resolved if not each.late]
    late = [each for each in resolved if each.late]

    def table(some: Sequence[Kept]) -> ScoreTable | None:
        return _table(some, before, seed, resamples) if some else None

    return LedgerScores(
        place=place,
        scored=tuple(on_time),
        table=table(on_time),
        late=tuple(late),
        late_table=table(late),
        open=sum(each.outcome is None for each in kept),
        sealed=sum(each.assessment is None for each in kept),
    )


def previous(kept: Iterable[Kept]) -> dict[str, Kept]:
    """Return for each forecast the last one of the same question that was kept before it."""
    latest: dict[object, Kept] = {}
    found: dict[str, Kept] = {}
    for each in kept:
        if each.assessment is not None:
            same = each.assessment.same
            if same in latest:
                found[each.id] = latest[same]
            latest[same] = each
    return found


def _table(some: Sequence[Kept], before: dict[str, Kept], seed: int, resamples: int) -> ScoreTable:
    outcomes = [bool(each.outcome) for each in some]
    groups = [each.known.same for each in some]
    earlier = [before.get(each.id) for each in some]
    references: dict[str, ArrayLike] = {
        BASE_RATE: base_rates(outcomes, groups),
        PERSISTENCE: [float(each.known.unchanged) for each in some],
        UNIFORM: [0.5] * len(some),
        PREVIOUS: [nan if each is None else each.known.probability for each in earlier],
    }
    said = [each.known.probability for each in some]
    return score_table(outcomes, said, references, groups=groups, seed=seed, resamples=resamples)
