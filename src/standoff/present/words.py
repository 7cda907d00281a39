"""Times, names and moves in words, as the text on a terminal says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standoff.crisis import Crisis, Question

_STEERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return text without control characters, so that no input can steer a terminal.

    Examples
    --------
    >>> printable("two\nlines, \x1b[31mred")
    'two\nlines, ?[31mred'
    """
    return _STEERS.sub(lambda sign: " " if sign[0].isspace() else "?", text)


def clean(text: str) -> str:
    r"""Return the same on one line.

    Examples
    --------
    >>> clean("two\nlines, \x1b[31mred")
    'two lines, ?[31mred'
    """
    return printable(" ".join(text.split()))


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    >>> listed(["a"])
    'a'
    """
    known = list(words)
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {last} {known[-1]}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "actor"), counted(1200, "state"), counted(2, "entry", "entries")
    ('1 actor', '1,200 states', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def span(days: float) -> str:
    """Return a length of time.

    Examples
    --------
    >>> span(30.0), span(1.0), span(0.25), span(365.25), span(4.5)
    ('30 days', '1 day', '6 hours', '1 year', '4.5 days')
    """
    for unit, length in (("year", 365.25), ("day", 1.0)):
        number = days / length
        if number >= 1 and (unit == "day" or abs(number - round(number)) < 1e-9):
            return _amount(number, unit)
    return _amount(days * 24, "hour")


def _amount(number: float, unit: str) -> str:
    text = f"{number:,.0f}" if abs(number - round(number)) < 0.05 else f"{number:,.1f}"
    return f"{text} {unit}" if text == "1" else f"{text} {unit}s"


def called(crisis: Crisis, actor: str) -> str:
    """Return how an actor is called in the output."""
    return crisis.actors[actor].name or actor


def move(changed: Mapping[str, str], start: Mapping[str, str]) -> str:
    """Return what a decision changes, as `option: level -> level`.

    Parameters
    ----------
    changed
        New levels by variable; none if the actor stays.
    start
        The levels before.

    Examples
    --------
    >>> move({"north.blockade": "full"}, {"north.blockade": "none", "north.annex": "no"})
    'blockade: none -> full'
    >>> move({}, {"north.blockade": "none"})
    'stay as it is'
    """
    if not changed:
        return "stay as it is"
    return listed(
        f"{option(variable)}: {start[variable]} -> {level}" for variable, level in changed.items()
    )


def option(variable: str) -> str:
    """Return the name of an option without its actor, or of a condition."""
    return variable.split(".", 1)[-1]


def form(question: Question) -> str:
    """Return what a question asks for, with its times, after its event."""
    within = question.horizon
    if question.at is not None:
        return f"is true after {within}"
    if question.throughout is not None:
        return f"is true all the time for {within}"
    if question.until is not None:
        return f"stays true until {question.until}, within {within}"
    if question.lasting is not None:
        return f"becomes true within {within} and stays so for {question.lasting}"
    return f"becomes true within {within}"
