"""The report's sections on scores: a backtest, and the kept forecasts of a ledger."""

from __future__ import annotations

from collections.abc import Iterable

from standoff.present.html import Content, Markup, element
from standoff.present.report_shared import chance, long_day, section, stacking
from standoff.present.scores_words import (
    BRIER,
    LOG,
    calibration_words,
    hindsight_words,
    number,
    outcome_words,
    references_words,
    skill_words,
    with_interval,
)
from standoff.present.wording import percent
from standoff.present.words import counted, listed
from standoff.study.backtest import Backcast, Backtest
from standoff.study.ledger_kept import Kept
from standoff.study.ledger_scores import LedgerScores
from standoff.study.scores import ScoreTable, brier_scores, log_scores


def backtest(result: Backtest | None) -> Markup | None:
    """Return what earlier situations would have forecast, and how good that was."""
    if result is None:
        return None
    columns = ("Asked", "As of", "Said", "Came out", "Brier score", "Log score")
    table = stacking(
        f"What each situation would have forecast, by the record up to {long_day(result.until)}",
        columns,
        [_row(result, each) for each in result.backcasts],
    )
    still = listed(each.forecast.question for each in result.open)
    return section(
        "backtest",
        "Would it have been right before?",
        element(
            "p",
            "Each earlier situation answers its own questions from its state and its claims; the "
            "later record says how they came out. ",
            hindsight_words(result.hindsight),
        ),
        _scores(result.table),
        table,
        element("p", f"Still open, and not scored: {still}.") if still else None,
    )


def _row(result: Backtest, each: Backcast) -> tuple[Content, ...]:
    found, answer = each.forecast, each.resolution
    said = chance(found.probability, found.error, found.interval)
    asked: tuple[Content, ...] = (found.asks, long_day(answer.as_of), said)
    came = outcome_words(result.crisis, each)
    return (*asked, came, *_points(each.outcome, found.probability))


def ledger_scores(result: LedgerScores | None) -> Markup | None:
    """Return how good the kept forecasts of a ledger were."""
    if result is None:
        return None
    waiting = counted(result.open, "forecast")
    return section(
        "scores",
        "How good kept forecasts were",
        _kept("Kept before their question closed", result.table, result.scored)
        if result.table is not None
        else element("p", "None that was kept before its question closed is resolved yet."),
        _kept(
            "Kept after their question had closed: no forecasts, and scored apart",
            result.late_table,
            result.late,
        ),
        element("p", f"Not resolved yet: {waiting}. Sealed, and so not scored: {result.sealed}."),
    )


def _kept(title: str, table: ScoreTable | None, some: Iterable[Kept]) -> Content:
    if table is None:
        return None
    columns = ("Forecast", "Asked", "Said", "Came out", "Brier score", "Log score")
    rows = [_kept_row(each) for each in some]
    return [element("h3", title), _scores(table), stacking(title, columns, rows)]


def _kept_row(each: Kept) -> tuple[Content, ...]:
    about = each.known
    said = chance(about.probability, about.error, about.interval)
    came = "yes" if each.outcome else "no"
    return (each.id, about.asks, said, came, *_points(each.outcome, about.probability))


def _points(outcome: bool | None, probability: float) -> tuple[Content, Content]:
    if outcome is None:
        return "open", "open"
    brier = brier_scores([outcome], [probability])[0]
    return number(float(brier)), number(float(log_scores([outcome], [probability])[0]))


def _scores(table: ScoreTable | None) -> Content:
    if table is None:
        return element("p", "The record decides none of them, so there is nothing to score.")
    of = "" if table.n == table.questions else f" of {counted(table.questions, 'question')}"
    return [
        element(
            "ul",
            element("li", f"{counted(table.n, 'forecast')}{of}; {table.yes} came out as yes."),
            element("li", f"{BRIER}: {with_interval(table.brier)}."),
            element("li", f"{LOG}: {with_interval(table.log)}."),
            class_="plain",
        ),
        stacking(
            "Skill",
            ("Against", "n", "By Brier score", "By log score"),
            [
                (each.reference, str(each.n), skill_words(each.brier), skill_words(each.log))
                for each in table.skills
            ],
        ),
        element("p", references_words(each.reference for each in table.skills)),
        element(
            "p",
            f"Intervals are from the 5th to the 95th percentile of {table.resamples:,} bootstrap "
            f"samples of whole questions, seed {table.seed}; questions of one crisis hang "
            "together, so they are too narrow rather than too wide.",
        ),
        element("p", calibration_words(table)),
        _calibration(table),
    ]


def _calibration(table: ScoreTable) -> Content:
    if table.calibration is None:
        return None
    return stacking(
        "What was said, and what happened",
        ("Said", "n", "On average", "Came out as yes"),
        [
            (
                each.word,
                str(each.n),
                percent(each.mean, estimated=True),
                f"{each.share:.0%} ({each.interval[0]:.0%} to {each.interval[1]:.0%})",
            )
            for each in table.calibration.bins
        ],
    )
