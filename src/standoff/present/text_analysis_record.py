"""What the screen of `standoff run` says of the record: explanations weighed, and a backtest."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from standoff.present.charts_shared import day_text
from standoff.present.scores_words import hindsight_words, scored_sentence
from standoff.present.text import QUIET, heading, line
from standoff.present.weighing_words import (
    MORE,
    account,
    at,
    caveat,
    decisive,
    first_sentence,
    odds,
    speaks,
)
from standoff.present.words import counted, listed
from standoff.study.analysis import Analysis
from standoff.study.record import record_end
from standoff.study.weighed import Weighing

_SHOWN = 3


def record_text(result: Analysis) -> Iterator[RenderableType]:
    """Yield what there is of the record, what it says, and which commands say more."""
    crisis = result.crisis
    if not crisis.record:
        return
    yield heading("What the record says")
    ends = record_end(crisis)
    upto = f" up to {day_text(ends)}" if ends else ""
    yield line(
        f"{counted(len(crisis.record), 'dated change')}{upto}; `standoff record show CRISIS` has "
        "the timeline."
    )
    if result.backtest is not None:
        yield line("")
        yield line(scored_sentence(result.backtest))
        yield line(hindsight_words(result.backtest.hindsight))
        yield line("More of it with `standoff backtest CRISIS`.", style=QUIET)
    if result.weighing is not None:
        yield line("")
        yield from _weighed(result.weighing, result)
    elif result.unweighed:
        yield line("")
        yield line(
            f"The explanations are not weighed here: {result.unweighed}. `standoff weigh CRISIS` "
            "weighs them, quickest with `--draws 0`."
        )


def _weighed(found: Weighing, result: Analysis) -> Iterator[RenderableType]:
    yield line(first_sentence(found))
    if doubt := caveat(found):
        yield line(doubt)
    if told := decisive(found)[:_SHOWN]:
        said = []
        for clue in told:
            name, ratio = max(speaks(found, clue).items(), key=lambda each: abs(each[1]))
            said.append(f"{at(result.crisis, clue)} ({account(name)} {odds(ratio)})")
        yield line(f"What tells them from the crisis as written most: {listed(said)}.")
    yield line(f"`standoff weigh CRISIS` {MORE}", style=QUIET)
