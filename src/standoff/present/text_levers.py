"""What an actor could do about an answer, or about its own lot, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from standoff.crisis import Crisis
from standoff.present.in_words import path as in_words
from standoff.present.in_words import plain, variable
from standoff.present.text import INDENT, QUIET, as_text, heading, line, stacked
from standoff.present.text_changes import HARDLY, reasons
from standoff.present.wording import percent, points
from standoff.present.words import called, counted
from standoff.study.levers import Lever, Levers

SHOWN = 6

_LEAST_GAIN = 0.005  # in weight units per day


@as_text.register
def _(result: Levers, *, crisis: Crisis) -> RenderableType:
    """What an actor could do, and what of others it would most want to be otherwise."""
    return stacked(_levers(result, crisis))


def _levers(result: Levers, crisis: Crisis) -> Iterator[RenderableType]:
    yield heading(f"Levers of {called(crisis, result.actor)}")
    yield line(result.caveat, style="bold")
    by = (
        "by what it gets itself"
        if result.question is None
        else "by the effect on the answer; beside it what the actor itself would get"
    )
    yield line(
        f"Ranked {by}: its real payoff on average, discounted at its own horizon, in weight units "
        f"a day, now {_signed(result.worth)}."
    )
    parts = (
        ("What it could do itself, holding to it", result.own, "It has no options left."),
        ("Whose belief it would most want to correct", result.beliefs, "Nobody else is mistaken."),
        ("Whose interest or red line it would most want to shift", result.weights, "Nobody's."),
    )
    for title, levers, none in parts:
        yield line("")
        yield line(title, style="bold")
        yield from _listed(levers, crisis) if levers else [line(none, INDENT)]
    if result.impossible:
        names = ", ".join(
            f"{variable(crisis, each.variable)} is {plain(each.level)}"
            for each in result.impossible
        )
        yield line(f"Could not be tried, as it cannot be: {names}.", INDENT, style=QUIET)


def _listed(levers: Sequence[Lever], crisis: Crisis) -> Iterator[RenderableType]:
    telling = [each for each in levers if _tells(each)]
    for lever in telling[:SHOWN]:
        yield line(f"{_named(lever, crisis)}: {_does(lever)}", INDENT)
        yield from reasons(lever.because, lever.source)
    if not telling:
        yield line("Nothing that makes a difference.", INDENT)
    elif len(telling) > SHOWN:
        yield line(f"and {counted(len(telling) - SHOWN, 'other')}.", INDENT, style=QUIET)


def _tells(lever: Lever) -> bool:
    return abs(lever.effect or 0.0) >= HARDLY or abs(lever.gain) >= _LEAST_GAIN


def _named(lever: Lever, crisis: Crisis) -> str:
    if lever.kind == "option":
        held = f"{variable(crisis, lever.path)} held at {plain(lever.then)}"
        return f"{held}, as it is now" if lever.now == lever.then else held
    return f"{in_words(crisis, lever.path)}, {lever.then} instead of {lever.now}"


def _does(lever: Lever) -> str:
    gain = f"{_signed(lever.gain)} for itself"
    if lever.effect is None or lever.chance is None:
        return gain
    about = " (the question itself is about it)" if lever.asked_about else ""
    return f"{percent(lever.chance)}, {points(lever.effect)}{about}; {gain}"


def _signed(amount: float) -> str:
    return f"{amount:+.2f}".replace("-", "−")
