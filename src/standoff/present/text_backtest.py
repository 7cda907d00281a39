"""A backtest as text: what earlier situations would have forecast, and how it came out."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.present.scores_words import hindsight_words, number, outcome_words
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.text_scores import bootstrap_line
from standoff.present.wording import said
from standoff.present.words import listed
from standoff.study.backtest import Backcast, Backtest
from standoff.study.scores import brier_scores, log_scores


@as_text.register
def _(result: Backtest) -> RenderableType:
    """What earlier situations would have forecast, scored by the later record."""
    return stacked(_parts(result))


def _parts(result: Backtest) -> Iterator[RenderableType]:
    yield line(
        f"What each situation would have forecast from its own state and claims, against the "
        f"record up to {result.until}."
    )
    yield line(hindsight_words(result.hindsight))
    by_situation: dict[str, list[Backcast]] = {}
    for each in result.backcasts:
        by_situation.setdefault(each.resolution.situation, []).append(each)
    for name, some in by_situation.items():
        yield heading(f"{name}, {some[0].resolution.as_of}")
        for each in some:
            yield from _one(result, each)
    yield heading("Scores")
    if result.table is None:
        yield line("The record decides none of them, so there is nothing to score.", INDENT)
    else:
        yield as_text(result.table)
    if result.open:
        names = listed(each.forecast.question for each in result.open)
        yield line("")
        yield line(f"Still open on {result.until}, and not scored: {names}.")
    if result.undated:
        yield line(
            f"Not asked, as they belong to no situation: {listed(result.undated)}.", style=QUIET
        )
    if result.table is not None:
        yield line("")
        yield line(bootstrap_line(result.table), style=QUIET)


def _one(result: Backtest, each: Backcast) -> Iterator[RenderableType]:
    yield line(each.forecast.asks, INDENT)
    yield line(f"Said: {said(each.forecast)}. {outcome_words(result.crisis, each)}", 2 * INDENT)
    if each.outcome is not None:
        came, chance = [each.outcome], [each.forecast.probability]
        brier, log = float(brier_scores(came, chance)[0]), float(log_scores(came, chance)[0])
        yield line(f"Brier score {number(brier)}, log score {number(log)}.", 2 * INDENT, QUIET)
