"""Forecasts as text: the bottom line of every question, by situation and by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from rich.console import RenderableType
from rich.padding import Padding

from standoff.crisis import Crisis
from standoff.present.text import QUIET, SideBySide, as_text, line, stacked
from standoff.present.wording import percent, said
from standoff.present.words import clean, counted, form, listed, span
from standoff.study.asking import Settings
from standoff.study.forecast import Forecast

_KINDS = {
    "within": "Happens at some time within ...",
    "at": "Is so on the last day, after ...",
    "throughout": "Is so all the time, for ...",
    "until": "Stays so until something else happens, within ...",
    "lasting": "Begins and then lasts; begins within ...",
}
"""What the probabilities of each form of question are of; the times follow in each line."""

_CELL = 37
"""Columns for one answer, so that two fit beside each other in 80."""

_ITEM = TypeVar("_ITEM")


@as_text.register
def _(result: Forecast, *, crisis: Crisis) -> RenderableType:
    """One question of a crisis: the answer, and when."""
    question = crisis.questions[result.question]
    when = "" if result.as_of is None else f", from {result.as_of} to {result.closes}"
    parts = [
        line(f"{result.question}: {result.asks}", style="bold"),
        line(said(result), 2),
        line(f"that {question.event} {form(question)}{when}", 2, style=QUIET),
    ]
    passed = [
        f"{share:.0%} after {span(max(day, 1 / 24))}"
        for share, day in result.quantiles
        if day is not None and share in (0.25, 0.5, 0.75)
    ]
    if result.spread is not None:
        spread = result.spread
        number = f"{result.central:.1%} at central values; standard error of the mean over draws"
        parts.append(line(f"{number} {100 * spread.error:.1f} points.", 2))
    if passed and result.central < 1:
        parts.append(line(f"The probability passes {listed(passed)}.", 2))
    share = percent(result.share_of_time)
    parts.append(line(f"{question.event} is true for {share} of the time, on average.", 2))
    if result.lineage:
        parts.append(line(f"Asked {'; '.join(result.lineage)}.", 2, style=QUIET))
    return stacked(parts)


def settings_line(settings: Settings, draws: int = 0) -> RenderableType:
    """Return what something was computed with, and what its probabilities are."""
    computed = f"Depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}. "
    central = (
        "central values: every range is taken at its midpoint, and every claim as true that is "
        "at least as likely true as not."
    )
    if not draws:
        return line(f"{computed}All probabilities are {central}", style=QUIET)
    return line(
        f"{computed}Probabilities with an interval are means over {draws} draws, each of which "
        "takes one value from every range and decides every claim that may not hold; the interval "
        f"is from the 5th to the 95th percentile of the draws. All others are {central}",
        style=QUIET,
    )


def bottom_line(crisis: Crisis, forecasts: Mapping[str, Forecast]) -> RenderableType:
    """Return the answer to every question, grouped by situation and by kind.

    Parameters
    ----------
    crisis
        The crisis as it is in the file, which says what form each question has.
    forecasts
        Its answers, by question.
    """
    parts: list[RenderableType] = []
    for there in _grouped(forecasts.values(), lambda each: each.situation):
        parts += [line(""), line(_since(there))]
        kinds = _grouped(there, lambda each: crisis.questions[each.question].form)
        for those in kinds:
            kind = crisis.questions[those[0].question].form
            if len(kinds) > 1 or kind != "within":
                parts += [line(""), line(_KINDS[kind], 2, style=QUIET)]
            for alike in _grouped(those, lambda each: _essence(crisis, each)):
                parts.append(_entry(crisis, sorted(alike, key=lambda each: each.days)))
    estimated = next((each for each in forecasts.values() if each.error is not None), None)
    if estimated is not None:
        drawn = counted(estimated.settings.paths, "sampled trajectory", "sampled trajectories")
        parts += [
            line(""),
            line(f"Where there is a standard error, it is estimated from {drawn}.", style=QUIET),
        ]
    return stacked(parts)


def _grouped(items: Iterable[_ITEM], key: Callable[[_ITEM], object]) -> list[list[_ITEM]]:
    groups: dict[object, list[_ITEM]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _since(there: list[Forecast]) -> str:
    """Say where some forecasts start, and on which days their horizons end."""
    first = there[0]
    if first.as_of is None:
        return "From the state that the file gives (it has no date)."
    ends = {each.days: each.closes for each in sorted(there, key=lambda each: each.days)}
    last = ", ".join(f"{span(days)} to {closes}" for days, closes in ends.items())
    return f"From {first.as_of} ({first.situation}): {last}."


def _essence(crisis: Crisis, each: Forecast) -> object:
    """What questions have in common that differ in their horizon only."""
    question = crisis.questions[each.question]
    return question.event, question.until, question.lasting, _timeless(crisis, each)


def _timeless(crisis: Crisis, each: Forecast) -> str:
    """A question's words without its horizon."""
    horizon = re.escape(str(crisis.questions[each.question].horizon))
    before = r"(?:within|in|after|for|over|during|by)(?: all of)?(?: the next| the coming)?"
    return re.sub(rf"[ ,]+{before} {horizon}\b", "", clean(each.asks), count=1)


def _entry(crisis: Crisis, alike: list[Forecast]) -> RenderableType:
    asks = alike[0].asks if len(alike) == 1 else _timeless(crisis, alike[0])
    cells = tuple(f"{span(each.days)}: {said(each)}" for each in alike)
    answers = Padding(SideBySide(cells, _CELL), (0, 0, 0, 4))
    return stacked([line(asks, 2), answers])
