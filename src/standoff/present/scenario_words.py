"""Scenarios in words: uncertain numbers, the rules made of them, and days."""

from __future__ import annotations

from standoff.crisis import Crisis
from standoff.present.in_words import path as path_in_words
from standoff.present.in_words import statement
from standoff.present.words import clean
from standoff.study.asking import Settings
from standoff.study.cited import Uncertain
from standoff.study.scenarios import Limit, Scenarios

_ORDINALS = {1: "first", 2: "second", 3: "third"}


def number_in_words(crisis: Crisis, number: Uncertain) -> str:
    """Return what a number is about, such as `Russia: interest union, weight`."""
    said = path_in_words(crisis, number.path.removesuffix(".holds"))
    if number.when is not None:
        actor = number.holder if number.holder in crisis.actors else None
        return f"{said}, when {statement(crisis, number.when, actor)}"
    if number.among > 1:
        which = _ORDINALS.get(number.position, f"{number.position}th")
        return f"{said}, {which} number"
    return said


def drawn_from(number: Uncertain) -> str:
    """Return what a number was drawn from, and its source: `major, 3 to 6; essay p10`."""
    if number.kind == "holds":
        said = number.said
    else:
        low, high = amount(number, number.low), amount(number, number.high, unit=True)
        said = f"{low} to {high}"
        if number.unit == "weight" and number.said.isidentifier():
            said = f"{number.said}, {said}"
    return "; ".join([clean(said), *([clean(number.source)] if number.source else [])])


def limit_in_words(crisis: Crisis, limit: Limit) -> str:
    """Return one part of a rule, with what the number was drawn from and its source."""
    return f"{number_in_words(crisis, limit.number)} {bounds_in_words(limit)}"


def bounds_in_words(limit: Limit) -> str:
    """Return where a number lies, with what it was drawn from and its source.

    Such as `above 4.5 (drawn from major, 3 to 6; essay p10)`.
    """
    number = limit.number
    if limit.holds is not None:
        return f"{'holds' if limit.holds else 'does not hold'} ({drawn_from(number)})"
    if limit.low is None or limit.high is None:
        word, bound = ("at most", limit.high) if limit.low is None else ("above", limit.low)
        said = f"{word} {amount(number, bound or 0.0, unit=True)}"
    else:
        first, last = amount(number, limit.low), amount(number, limit.high, unit=True)
        said = f"between {first} and {last}"
    return f"{said} (drawn from {drawn_from(number)})"


def amount(number: Uncertain, value: float, *, unit: bool = False) -> str:
    """Return a value of a number with three digits, and its unit if that is asked for."""
    if number.unit == "chance":
        return f"{100 * value:.3g}%"
    return f"{value:.3g}" + (" days" if unit and number.unit == "days" else "")


def when(day: float, early: float, late: float) -> str:
    """Return when something happens: the median day, and from which to which in half the cases.

    Examples
    --------
    >>> when(12.3, 5.4, 24.2), when(0.4, 0.2, 0.4)
    ('day 12 (5-24)', 'day 0.4 (0.2-0.4)')
    """
    middle, first, last = (
        f"{each:.0f}" if each >= 2 else f"{each:.1f}" for each in (day, early, late)
    )
    return f"day {middle} ({first}-{last})" if first != last else f"day {middle}"


def computed_with(settings: Settings) -> str:
    """Return the settings in a sentence."""
    return f"Depth {settings.depth}, tau {settings.tau:g}, seed {settings.seed}."


def why_so_many(result: Scenarios) -> str:
    """Return in a sentence why there are as many scenarios as there are."""
    number = len(result.scenarios)
    if not result.separations:
        return "Their answers hardly differ: they are one scenario."
    if result.silhouette is None:
        best = max(result.separations, key=lambda each: each.silhouette - each.evenly)
        return (
            "They do not separate into kinds and are one scenario: cut into "
            f"{best.groups}, they have a mean silhouette of {best.silhouette:.2f}, and points "
            f"spread evenly have {best.evenly:.2f}."
        )
    evenly = next(each.evenly for each in result.separations if each.groups == number)
    return (
        f"They separate into {number} (mean silhouette {result.silhouette:.2f}; cut into "
        f"{number}, points spread evenly have {evenly:.2f})."
    )
