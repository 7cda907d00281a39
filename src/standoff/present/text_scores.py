"""Scores as text, and what pushed a resolved forecast the right way or the wrong way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from standoff.crisis import Crisis
from standoff.present.in_words import path as in_words
from standoff.present.scores_words import (
    BRIER,
    LOG,
    calibration_words,
    number,
    references_words,
    skill_words,
    with_interval,
)
from standoff.present.text import HEADING, INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.text_ledger import said_by
from standoff.present.wording import likely, percent, points
from standoff.present.words import called, clean, counted, listed
from standoff.study.attribution import Share
from standoff.study.ledger_kept import Kept
from standoff.study.ledger_scores import LedgerScores
from standoff.study.postmortem import PostMortem
from standoff.study.scores import ScoreTable, brier_scores, log_scores

_SHOWN = 40
_CLAIMS = 12
_LEAST = 0.0005  # what rounds to a tenth of a point


@as_text.register
def _(result: ScoreTable) -> RenderableType:
    """Scores with their intervals, skill against every reference, calibration."""
    forecasts = counted(result.n, "forecast")
    of = f" of {counted(result.questions, 'question')}" if result.questions != result.n else ""
    parts = [
        line(f"{forecasts}{of}; {result.yes} came out as yes.", INDENT),
        line(f"{BRIER}: {with_interval(result.brier)}", INDENT),
        line(f"{LOG}: {with_interval(result.log)}", INDENT),
        line(""),
        _skills(result),
        line(""),
        line(references_words(each.reference for each in result.skills), INDENT, style=QUIET),
        line(calibration_words(result), INDENT),
    ]
    if result.calibration is not None:
        parts += [line(""), _calibration(result)]
    return stacked(parts)


def _skills(result: ScoreTable) -> RenderableType:
    cells = []
    for each in result.skills:
        cells.append((each.reference, str(each.n), "Brier", skill_words(each.brier)))
        cells.append(("", "", "log", skill_words(each.log)))
    return table_of(("Skill against", "n", "by", ""), cells)


def _calibration(result: ScoreTable) -> RenderableType:
    assert result.calibration is not None
    cells = (
        (
            each.word,
            str(each.n),
            percent(each.mean, estimated=True),
            f"{each.share:.0%} ({each.interval[0]:.0%} to {each.interval[1]:.0%})",
        )
        for each in result.calibration.bins
    )
    return table_of(("Said", "n", "on average", "came out as yes"), cells)


def table_of(titles: Sequence[str], cells: Iterable[Sequence[str]]) -> RenderableType:
    """Return rows under titles; the second column holds numbers, the first and last may wrap."""
    table = Table.grid(padding=(0, 2, 0, 0))
    last = len(titles) - 1
    for place in range(len(titles)):
        table.add_column(
            justify="right" if place == 1 else "left",
            no_wrap=place not in (0, last),
            overflow="fold",
        )
    table.add_row(*(Text(title, style=HEADING) for title in titles))
    for row in cells:
        table.add_row(*(Text(clean(cell)) for cell in row))
    return Padding(table, (0, 0, 0, INDENT))


@as_text.register
def _(result: LedgerScores) -> RenderableType:
    """The scores of a ledger: what was forecast, and apart what was kept too late."""
    return stacked(_ledger(result))


def _ledger(result: LedgerScores) -> Iterator[RenderableType]:
    yield heading("Forecasts kept before their question closed")
    if result.table is None:
        yield line("None is resolved yet, so there is nothing to score.", INDENT)
    else:
        yield as_text(result.table)
        yield line("")
        yield _each(result.scored)
    if result.late_table is not None:
        yield heading("Kept after their question had closed")
        yield line(
            "These are no forecasts: whoever kept them could know the outcome. Scored apart.",
            INDENT,
        )
        yield as_text(result.late_table)
        yield line("")
        yield _each(result.late)
    table = result.table or result.late_table
    waiting = f"{counted(result.open, 'forecast')} not resolved yet"
    yield line("")
    yield line(f"{waiting}; sealed and so not scored: {result.sealed}.")
    if table is not None:
        yield line(bootstrap_line(table), style=QUIET)


def bootstrap_line(table: ScoreTable) -> str:
    """Return where the intervals come from, and what they take for granted."""
    return (
        f"Intervals are from the 5th to the 95th percentile of {table.resamples:,} bootstrap "
        f"samples, seed {table.seed}, in which whole questions are drawn. They take questions to "
        "be independent of each other; those of one crisis hardly are, so the intervals are too "
        "narrow rather than too wide."
    )


def _each(some: Sequence[Kept]) -> RenderableType:
    shown = some[:_SHOWN]
    outcomes = [bool(each.outcome) for each in shown]
    said = [each.known.probability for each in shown]
    scores = zip(brier_scores(outcomes, said), log_scores(outcomes, said), strict=True)
    cells = (
        (each.id, number(brier), number(log), "yes" if each.outcome else "no", said_by(each.known))
        for each, (brier, log) in zip(shown, scores, strict=True)
    )
    titles = ("Forecast", "Brier", "log", "came out", "said")
    table = table_of(titles, cells)
    if len(some) == len(shown):
        return table
    return stacked([table, line(f"and {len(some) - len(shown)} more, in --json.", INDENT)])


@as_text.register
def _(result: PostMortem, *, crisis: Crisis) -> RenderableType:
    """What pushed a kept forecast towards what happened, and what away from it."""
    return stacked(_looked_back(result, crisis))


def _looked_back(result: PostMortem, crisis: Crisis) -> Iterator[RenderableType]:
    kept, about, found = result.kept, result.kept.known, result.attribution
    came = "yes" if kept.outcome else "no"
    yield line(f"{kept.id}: {about.asks}", style="bold")
    yield line(f"Said: {said_by(about)}. Came out: {came}.", INDENT)
    if not result.same:
        yield line(
            "This is not the crisis that was kept: what follows is of the one given.", INDENT
        )
    if abs(found.central - about.central) > 5e-4:
        now = f"Computed now it is {likely(found.central)} at central values"
        yield line(f"{now}, and {likely(about.central)} was kept.", INDENT)
    without = percent(found.without, estimated=True)
    yield line(
        f"Without any claim it would be {without} at central values; the difference of "
        f"{points(found.central - found.without)} is shared out by {found.by}"
        + (f", in {found.orders} orders drawn." if found.orders else ", in every order."),
        INDENT,
    )
    yield from _pushed("Pushed it the right way", result.right, crisis)
    yield from _pushed("Pushed it the wrong way", result.wrong, crisis)
    if result.silent:
        yield line("")
        names = [_party(each, crisis) for each in result.silent]
        more = [f"{len(names) - 8} more"] if len(names) > 8 else []
        yield line(f"Not to be told from zero: {listed(names[:8] + more)}.", style=QUIET)


def _pushed(title: str, shares: Sequence[Share], crisis: Crisis) -> Iterator[RenderableType]:
    yield heading(title)
    if not shares:
        yield line("Nothing that can be told from zero.", INDENT)
    shown = [each for each in shares if abs(each.share) >= _LEAST][:_CLAIMS]
    for each in shown:
        error = f" (standard error {100 * each.error:.1f})" if each.error else ""
        yield line(f"{points(each.share)}{error}  {_party(each, crisis)}", INDENT)
    rest = len(shares) - len(shown)
    if rest:
        yield line(f"{'and ' if shown else ''}{counted(rest, 'other')} with less.", INDENT)


def _party(share: Share, crisis: Crisis) -> str:
    name = share.party
    if name in crisis.actors:
        return called(crisis, name)
    return in_words(crisis, name) if name.count(".") >= 2 else name
