"""Frames of scores: how good forecasts were, one by one and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standoff.present.frames import as_frame, table
from standoff.study.backtest import Backtest
from standoff.study.ledger_kept import Kept
from standoff.study.ledger_scores import LedgerScores
from standoff.study.scores import Estimate, ScoreTable, brier_scores, log_scores

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame


@as_frame.register(ScoreTable)
def _(result: ScoreTable) -> DataFrame:
    """A row for each score, and for the skill by it against each reference.

    ``reference`` is missing for a score itself; ``low`` and ``high`` are the 5th and 95th
    percentile of the bootstrap.
    """
    found: list[tuple[str | None, int, Estimate, Estimate]] = [
        (None, result.n, result.brier, result.log),
        *((each.reference, each.n, each.brier, each.log) for each in result.skills),
    ]
    return table(
        (
            (score, reference, n, *_estimate(estimate))
            for reference, n, brier, log in found
            for score, estimate in (("Brier", brier), ("log", log))
        ),
        score="text", reference="text", n="count", value="number", low="number",
        high="number",
    )  # fmt: skip


def _estimate(each: Estimate) -> tuple[float, float | None, float | None]:
    return each.value, *(each.interval or (None, None))


@as_frame.register(Kept)
def _(result: Kept) -> DataFrame:
    return _kept([result])


@as_frame.register(LedgerScores)
def _(result: LedgerScores) -> DataFrame:
    """A row for each forecast that is scored, those kept too late last; its ``table`` has means."""
    return _kept([*result.scored, *result.late])


def _kept(some: Iterable[Kept]) -> DataFrame:
    """A row for each; of one that is sealed there is its name only."""
    rows = []
    for each in some:
        known = each.assessment
        about: tuple[Any, ...] = (None,) * 9
        if known is not None:
            about = (
                known.question, known.asks, known.crisis, known.situation, known.as_of,
                known.closes, known.probability, *(known.interval or (None, None)),
            )  # fmt: skip
        chance = None if known is None else known.probability
        rows.append((each.id, each.entry.who, *about, each.late, each.outcome,
                     *_scored(each.outcome, chance)))  # fmt: skip
    return table(
        rows, id="text", who="text", question="text", asks="text", crisis="text",
        situation="text", as_of="date", closes="date", probability="number", low="number",
        high="number", late="truth", outcome="truth", brier="number", log="number",
    )  # fmt: skip


@as_frame.register(Backtest)
def _(result: Backtest) -> DataFrame:
    """A row for each question that was asked; its ``table`` has the mean scores."""
    rows = []
    for each in result.backcasts:
        found, answer = each.forecast, each.resolution
        low, high = found.interval or (None, None)
        rows.append(
            (found.question, found.asks, answer.situation, answer.as_of, answer.closes,
             found.probability, low, high, found.central, answer.outcome, answer.day, answer.entry,
             answer.disputed, answer.doubtful, each.unchanged,
             *_scored(each.outcome, found.probability))
        )  # fmt: skip
    return table(
        rows, question="text", asks="text", situation="text", as_of="date", closes="date",
        probability="number", low="number", high="number", central="number", outcome="truth",
        day="date", entry="count", disputed="truth", doubtful="truth", unchanged="truth",
        brier="number", log="number",
    )  # fmt: skip


def _scored(outcome: bool | None, chance: float | None) -> tuple[float | None, float | None]:
    if outcome is None or chance is None:
        return None, None
    return float(brier_scores([outcome], [chance])[0]), float(log_scores([outcome], [chance])[0])
