"""Outlooks as text: what each actor is about to do, as it is and as the others believe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.text import QUIET, as_text, line, rows, stacked
from standoff.present.wording import likely, percent
from standoff.present.words import called, listed, move, option, span
from standoff.study.outlook import Outlook, Outlooks

_KEY = TypeVar("_KEY")

NOTICEABLE = 0.05
"""A view that differs from how it is by less than this is not worth a line."""

_MOST_CHOICES = 4
_LABEL = 13


@as_text.register
def _(result: Outlooks, *, crisis: Crisis) -> RenderableType:
    """What each actor is about to do, and how the conditions stand later.

    Parameters
    ----------
    result
        The outlooks.
    crisis
        The crisis as it is in the file: how actors are called.
    """
    levels = result.start
    parts: list[RenderableType] = []
    for actor in crisis.actors:
        if crisis.actors[actor].options:
            parts += [line(""), *_actor(crisis, result, actor, levels)]
    if result.conditions:
        later = [
            ("", _spread(name, levels[name], chances))
            for name, chances in result.conditions.items()
        ]
        parts += [
            line(""),
            line("Conditions", style="bold"),
            rows(_labelled(f"in {span(result.days)}", later), label=_LABEL),
        ]
    return stacked(parts)


def _actor(
    crisis: Crisis, result: Outlooks, actor: str, start: Mapping[str, str]
) -> Iterator[RenderableType]:
    truth = result.of(actor)
    tempo = f"decides every {span(truth.every)} on average"
    yield line(f"{called(crisis, actor)} {tempo}", style="bold")
    now = [("", text) for text in _choices(truth, start)]
    later = [("", text) for text in _later(truth, start)]
    yield rows(
        [*_labelled("next decision", now), *_labelled(f"in {span(result.days)}", later)],
        label=_LABEL,
    )
    believed: dict[tuple[str, ...], list[str]] = {}
    for outlook in result.outlooks:
        if outlook.actor == actor and outlook.seen_by is not None:
            differences = tuple(_differences(outlook, truth, start))
            if differences:
                believed.setdefault(differences, []).append(called(crisis, outlook.seen_by))
    for differences, observers in believed.items():
        verb = "believes" if len(observers) == 1 else "believe"
        yield line(f"{listed(observers)} {verb} otherwise:", 2, style=QUIET)
        yield rows([("-", text) for text in differences], indent=4)


def _labelled(label: str, texts: list[tuple[str, str]]) -> list[tuple[str, RenderableType]]:
    return [(label if i == 0 else "", text) for i, (_, text) in enumerate(texts)]


def _choices(outlook: Outlook, start: Mapping[str, str]) -> Iterator[str]:
    shown = [choice for choice in outlook.now[:_MOST_CHOICES] if choice[1] >= NOTICEABLE]
    if not outlook.now:
        yield "stay as it is: nobody moves at depth 0"
        return
    for changed, chance in shown:
        yield f"{move(changed, start)}, {_likely(chance)}"
    rest = 1 - sum(chance for _, chance in shown)
    if rest >= 0.01:
        yield f"something else, {_likely(rest)}"


def _later(outlook: Outlook, start: Mapping[str, str]) -> Iterator[str]:
    steady = []
    for variable, chances in outlook.later.items():
        if chances.get(start[variable], 0.0) > 0.99:
            steady.append(f"{option(variable)} {start[variable]}")
        else:
            yield _spread(variable, start[variable], chances)
    if steady:
        yield f"as now, almost certain (above 99%): {listed(steady)}"


def _spread(variable: str, now: str, chances: Mapping[str, float]) -> str:
    """Say how likely each level of a variable is, in the order of the levels."""
    likely_ones = [
        f"{level} {percent(_inexact(chance))}"
        for level, chance in chances.items()
        if chance >= 0.01
    ]
    return f"{option(variable)}, now {now}: {', '.join(likely_ones)}"


def _differences(outlook: Outlook, truth: Outlook, start: Mapping[str, str]) -> Iterator[str]:
    """Say what an actor wrongly expects of another, where it is noticeably wrong.

    Of the choices, and of the levels of each option, the one that it overrates most.
    """
    here = {tuple(changed.items()): chance for changed, chance in truth.now}
    seen = {tuple(changed.items()): chance for changed, chance in outlook.now}
    if choice := _overrated(seen, here):
        key, chances = choice
        yield f"{move(dict(key), start)} at the next decision: {chances}"
    for variable, later in outlook.later.items():
        if found := _overrated(later, truth.later[variable]):
            level, chances = found
            yield f"{option(variable)} {level} in {span(outlook.days)}: {chances}"


def _overrated(seen: Mapping[_KEY, float], here: Mapping[_KEY, float]) -> tuple[_KEY, str] | None:
    if not seen:
        return None
    key = max(seen, key=lambda each: seen[each] - here.get(each, 0.0))
    believed, true = seen[key], here.get(key, 0.0)
    if believed - true < NOTICEABLE:
        return None
    return key, f"{_likely(believed)} instead of {_likely(true)}"


def _inexact(chance: float) -> float:
    """No choice is ever quite certain or quite impossible, however the numbers round."""
    return min(max(chance, 1e-9), 1 - 1e-9)


def _likely(chance: float) -> str:
    return likely(_inexact(chance))
